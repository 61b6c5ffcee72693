"""What a calibration of effort and ceilings reads, and of how much it says anything."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, number


class CalibrationNumbers(Section):
    """What logged hours are learned from. What is learned stands in effort and in throughput."""

    name: ClassVar[str] = "calibration"
    title: ClassVar[str] = "Calibration"

    weeks: int = number(
        8,
        unit="weeks up to the as-of day",
        reason="Two months hold enough hours of an account, and most accounts stay as they are tagged.",
        at_least=4,
        at_most=26,
    )
    preparation_share: float = number(
        0.5,
        unit="hours for each hour with the customer present",
        reason="A call is prepared and written up; the calendar shows only the call.",
        at_least=0,
        at_most=3,
    )
    longest_minutes: float = number(
        480,
        unit="minutes",
        reason="A working day; a longer entry is a meeting that nobody ended, and counts as this.",
        at_least=15,
        at_most=1440,
    )
    least_accounts: int = number(
        50,
        unit="accounts with hours",
        reason="Of fewer, a fit is farther from the truth than the weights in force.",
        at_least=20,
        at_most=5000,
    )
    ceiling_weeks: int = number(
        52,
        unit="weeks up to the as-of day",
        reason="Heavy weeks are rare; a year has enough of them to see what they do.",
        at_least=13,
        at_most=104,
    )
