"""What counts as an intervention, and for how long its outcome is watched."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Section, number


class OutcomesNumbers(Section):
    """What came of interventions."""

    name: ClassVar[str] = "outcomes"
    title: ClassVar[str] = "Outcomes"

    weeks: int = number(
        56,
        unit="weeks looked back",
        reason="For so long figures of single people are kept (Effort and capacity).",
        at_least=26,
        at_most=260,
    )
    span_weeks: int = number(
        8,
        unit="weeks before and after an intervention",
        reason="Two months show a change of pace, and end before the next one usually begins.",
        at_least=4,
        at_most=26,
    )
    moved_least: int = number(
        3,
        unit="accounts given away, or moved to another tier, in a week",
        reason="One account changes hands for its own reasons, several are a rebalance.",
        at_least=1,
        at_most=100,
    )
