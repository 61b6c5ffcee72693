"""How much a page of the desk shows at once."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, number


class DeskNumbers(Section):
    """My week and Team week."""

    name: ClassVar[str] = "desk"
    title: ClassVar[str] = "My week and Team week"

    top_accounts: int = number(
        3, unit="accounts", reason="What one person can turn to first in a day.", at_least=1, at_most=20
    )
    meeting_days: int = number(
        7, unit="days ahead", reason="A week's meetings can still be prepared.", at_least=1, at_most=31
    )
    change_days: int = number(
        7, unit="days back", reason="What changed since the last Monday.", at_least=1, at_most=31
    )


class MetricsNumbers(Section):
    """What the metrics of the team aim for. Those of retention are with retention."""

    name: ClassVar[str] = "metrics"
    title: ClassVar[str] = "Targets of metrics"

    first_value_days: int = number(
        30, unit="days", reason="A customer that waits longer has begun to doubt.", at_least=1, at_most=730
    )
    green_target: float = number(
        0.60,
        unit="share of the accounts, 0 to 1",
        reason="Below it a team puts out fires and prevents none.",
        at_least=0,
        at_most=1,
    )
    onboarding_target: float = number(
        0.85,
        unit="share of the steps due, 0 to 1",
        reason="What is promised at the start decides the first renewal.",
        at_least=0,
        at_most=1,
    )
    reviews_target: float = number(
        0.80,
        unit="share of the reviews due, 0 to 1",
        reason="A cadence that is kept less often is not one.",
        at_least=0,
        at_most=1,
    )
