"""From when on a person's book, or a customer to come, waits for a leader's decision."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, flag, number


class TriggersNumbers(Section):
    """What opens a decision. How load is judged, and ceilings, stand in their own sections."""

    name: ClassVar[str] = "triggers"
    title: ClassVar[str] = "Triggers"

    ahead_days: int = number(
        30,
        unit="days before a leave or a departure",
        reason="A book is handed over in weeks; on the last day it is left behind.",
        at_least=1,
        at_most=180,
    )
    leave_least_days: int = number(
        7,
        unit="days, weekends included",
        reason="For a shorter leave nothing has to move: what is asked for can wait.",
        at_least=1,
        at_most=365,
    )
    ramp_days: int = number(
        28,
        unit="days after the last step of the ramp",
        reason="So long the question waits whether somebody new is given a full book.",
        at_least=7,
        at_most=180,
    )
    unmonitored_least: int = number(
        2,
        unit="accounts",
        reason="One account of a small book is a large share, and no pattern.",
        at_least=1,
        at_most=50,
    )
    cluster_days: int = number(
        28,
        unit="days looked at together",
        reason="Renewals are worked on by the month.",
        at_least=7,
        at_most=92,
    )
    cluster_ahead_days: int = number(
        91,
        unit="days ahead",
        reason="A quarter before them renewals can still be given to somebody else.",
        at_least=7,
        at_most=365,
    )
    cluster_least: int = number(
        4, unit="renewals", reason="Two or three at once are an ordinary month.", at_least=2, at_most=100
    )
    cluster_share: float = number(
        0.25,
        unit="share of the accounts of the book",
        reason="A quarter of a book in a month is three times what an even year brings.",
        above=0,
        at_most=1,
    )
    likely_share: float = number(
        0.7,
        unit="chance that a sale is won, 0 to 1",
        reason="From there on somebody should be free when it is signed.",
        above=0,
        at_most=1,
    )
    likely_days: int = number(
        60,
        unit="days",
        reason="A sale expected later says little of the hours of today.",
        at_least=7,
        at_most=365,
    )
    target_load: float = number(
        90,
        unit="percent of capacity",
        reason="Free hours end where the tenth begins that is kept for what nobody planned.",
        above=0,
        at_most=150,
    )
    mails: bool = flag(
        True, reason="Leaders hear once of what newly waits for them. Each may choose otherwise."
    )
