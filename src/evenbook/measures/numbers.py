"""How retention is counted, how long an account may go unmonitored, and what to aim for."""

from __future__ import annotations

from typing import ClassVar

from evenbook.policy.schema import Row, Section, choice, number, rows

BASES = {
    "all": "All recurring revenue of the cohort",
    "due": "Only revenue that came up for renewal in the window",
}
PARENTS = {"account": "Each account on its own", "parent": "Accounts rolled up to the parent that pays"}
JUDGED_BY = {"contact": "Meaningful interactions", "usage": "Usage"}


class UnmonitoredLimit(Row):
    """When a tier has too many accounts that nobody has spoken to."""

    key = ("tier",)

    tier: int = number(unit="tier", reason="How the account is served.", at_least=1, at_most=4)
    judged_by: str = choice(
        options=JUDGED_BY, reason="A digital account is watched by its usage, not by calls."
    )
    days: int = number(unit="days", reason="Without it for so long, an account is unmonitored.", at_least=1)
    threshold: float = number(
        unit="share of the accounts, 0 to 1",
        reason="Above it the book is larger than its owner can watch.",
        at_least=0,
        at_most=1,
    )


class MeasuresNumbers(Section):
    """Retention and monitoring."""

    name: ClassVar[str] = "measures"
    title: ClassVar[str] = "Retention and monitoring"

    retention_weeks: int = number(
        52,
        unit="weeks",
        reason="Twelve months hold every yearly contract once; a quarter is never scaled up.",
        at_least=4,
        at_most=208,
    )
    retention_basis: str = choice(
        "all",
        options=BASES,
        reason="Multi-year contracts cannot churn before they are due; both camps exist.",
    )
    retention_parents: str = choice(
        "account", options=PARENTS, reason="Where subsidiaries buy through one parent, a merger is no churn."
    )
    nrr_target: float = number(
        1.10, unit="share, 1 is level", reason="Growth from the base alone.", at_least=0
    )
    grr_target: float = number(
        0.90, unit="share, 0 to 1", reason="The median of published benchmarks.", at_least=0, at_most=1
    )
    logo_target: float = number(
        0.85,
        unit="share, 0 to 1",
        reason="Small customers leave more often than revenue does.",
        at_least=0,
        at_most=1,
    )
    renewal_target: float = number(
        0.90,
        unit="share, 0 to 1",
        reason="What comes due and is kept; below it the base shrinks at each renewal.",
        at_least=0,
        at_most=1,
    )
    expansion_target: float = number(
        0.20,
        unit="share of the revenue at the start",
        reason="It pays for what is lost, and more.",
        at_least=0,
    )
    nps_target: float = number(
        40,
        unit="points, -100 to 100",
        reason="Above it promoters clearly outnumber detractors.",
        at_least=-100,
        at_most=100,
    )
    gross_margin: float = number(
        0.75,
        unit="share of revenue, 0 to 1",
        reason="What is left of revenue after serving it; a usual figure of software, put in your own.",
        at_least=0,
        at_most=1,
    )
    lifetime_years: float = number(
        5,
        unit="years",
        reason="No customer is counted on for longer, so that a year without a loss gives no endless value.",
        at_least=1,
        at_most=50,
    )
    cohort_quarters: int = number(
        12, unit="quarters", reason="Three years show where a cohort flattens.", at_least=2, at_most=40
    )
    unmonitored_days: int = number(
        30,
        unit="days",
        reason="A month without a meaningful interaction is a blind spot.",
        at_least=1,
        at_most=365,
    )
    unmonitored_limits: tuple[UnmonitoredLimit, ...] = rows(
        (
            UnmonitoredLimit(tier=1, judged_by="contact", days=30, threshold=0.2),
            UnmonitoredLimit(tier=2, judged_by="contact", days=30, threshold=0.2),
            UnmonitoredLimit(tier=3, judged_by="contact", days=92, threshold=0.2),
            UnmonitoredLimit(tier=4, judged_by="usage", days=60, threshold=0.2),
        ),
        unit="limit by tier",
        reason="Each tier is judged against the contact that it is promised.",
        fixed=True,
    )
    trend_weeks: int = number(
        13,
        unit="weeks",
        reason="A quarter shows a direction and still fits a sparkline.",
        at_least=2,
        at_most=104,
    )
