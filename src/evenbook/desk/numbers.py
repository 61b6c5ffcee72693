"""How much a page of the desk shows at once."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, flag, number


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


class ReportsNumbers(Section):
    """Which reports are made, who hears of them, and when one has had its day."""

    name: ClassVar[str] = "reports"
    title: ClassVar[str] = "Reports"

    daily: bool = flag(True, reason="What goes wrong overnight does not wait for Monday.")
    weekly: bool = flag(True, reason="The team meets once a week, with the accounts at risk before it.")
    quarterly: bool = flag(True, reason="A quarter shows whether what was tried moved retention.")
    yearly: bool = flag(True, reason="Targets and the way of serving customers are set once a year.")
    daily_mails: bool = flag(
        False, reason="A mail a day is soon unread; whoever wants it chooses it for themselves."
    )
    mails: bool = flag(
        True,
        reason="The weekly, quarterly and yearly reports are told of once each. Each may choose otherwise.",
    )
    unused_periods: int = number(
        8,
        unit="periods",
        reason="A report from which nothing was decided for so long costs reading and gives nothing.",
        at_least=2,
        at_most=60,
    )
    part_rows: int = number(
        10,
        unit="rows",
        reason="A report is read in minutes; the pages behind it have all.",
        at_least=3,
        at_most=50,
    )
