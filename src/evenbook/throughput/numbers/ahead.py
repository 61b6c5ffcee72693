"""How far ahead the load of the team is looked at, and which absences stand out."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, number


class AheadNumbers(Section):
    """The weeks ahead. How load is judged, and when renewals cluster, stand in their own sections."""

    name: ClassVar[str] = "ahead"
    title: ClassVar[str] = "Weeks ahead"

    weeks: int = number(
        13,
        unit="weeks",
        reason="A quarter can still be arranged; what is further off is not known yet.",
        at_least=1,
        at_most=52,
    )
    absent_least: int = number(
        2,
        unit="people",
        reason="One person away has a cover; two at once need a plan.",
        at_least=2,
        at_most=50,
    )
    absent_share: float = number(
        0.3,
        unit="share of the team's working days of a week, 0 to 1",
        reason="With a third of a team away the others carry half as much again.",
        above=0,
        at_most=1,
    )
