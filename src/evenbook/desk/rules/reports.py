"""The reports of each cadence: for whom each is, what it answers, what it decides, whether it is acted on.

A report is of a period: a day, a calendar week, a month, a quarter or a year. It is acted on where somebody
wrote down what was decided from it; one that nobody acted on for as many periods as policy says is proposed
for removal.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

DAILY, WEEKLY, MONTHLY, QUARTERLY, YEARLY = "daily", "weekly", "monthly", "quarterly", "yearly"
LEAD = frozenset({"leader", "operations", "executive", "reader"})


@dataclass(frozen=True)
class Report:
    """A report: what it is called, for whom, what it answers, what it decides, and its parts in order."""

    kind: str
    title: str
    audience: str
    answers: str
    decides: str
    parts: tuple[str, ...]


REPORTS = {
    each.kind: each
    for each in (
        Report(
            DAILY, "Daily alerts", "Leaders and operations", "What has gone wrong since yesterday?",
            "Who turns to it today.", ("waiting", "escalated", "moved_day"),
        ),
        Report(
            WEEKLY, "Weekly stand-up and at-risk review", "Leaders with their team",
            "Who has no room this week, and which customers are at risk?",
            "Who takes which account at risk, and what is put off.",
            ("standup", "at_risk", "moved_week", "owed"),
        ),
        Report(
            MONTHLY, "Monthly operations", "Leaders, for the calibration meeting",
            "Is the load bearable, and do the numbers say what people feel?",
            "Weights, ceilings and the policy.", (),
        ),
        Report(
            QUARTERLY, "Quarterly deep dive", "Leaders and executives",
            "What moved NRR and GRR, and what worked?",
            "Which step of the bridge is worked on next quarter, and what is stopped.",
            ("retention", "metrics", "cohorts", "at_risk", "effects"),
        ),
        Report(
            YEARLY, "Yearly assessment", "Executives and the leader of all",
            "Is the way that customers are served the right one?",
            "Targets, tiers and the policy of the next year.",
            ("retention", "cohorts", "metrics", "effects", "policy"),
        ),
    )
}  # fmt: skip
"""By kind, the most frequent first. The monthly one is the pack of the calibration meeting."""


def period_of(kind: str, day: date) -> str:
    """Return the period of a report that a day falls into, such as 2026-11-28, 2026-W48, 2026-Q4."""
    if kind == DAILY:
        return day.isoformat()
    if kind == WEEKLY:
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if kind == MONTHLY:
        return f"{day:%Y-%m}"
    return f"{day.year}-Q{(day.month - 1) // 3 + 1}" if kind == QUARTERLY else f"{day.year}"


def is_left_unused(
    kind: str, day: date, *, made_on: Sequence[date], acted: Collection[str], periods: int
) -> bool:
    """Return whether a report was made in each of the last periods and nobody acted on it.

    Args:
        kind: of the report.
        day: today.
        made_on: the days of stored weeks; a period without one had no report, and is passed over.
        acted: the periods in which somebody wrote down what was decided.
        periods: for how many that may be so.
    """
    now = period_of(kind, day)
    made = dict.fromkeys(period_of(kind, each) for each in sorted(made_on, reverse=True))
    last = [each for each in made if each != now][:periods]
    return len(last) == periods and not set(last) & set(acted)
