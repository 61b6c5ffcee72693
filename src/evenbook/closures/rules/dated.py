"""The rules of loops by the instants between which each version of the policy holds, for queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.loops import BY_TIER, Loop

_SPAN = {"from_at": "TIMESTAMP", "until_at": "TIMESTAMP"}
COLUMNS: Mapping[str, Mapping[str, str]] = {
    "loop_rule": {
        **_SPAN,
        "loop": "VARCHAR",
        "tier": "BIGINT",
        "opened_by": "VARCHAR",
        "named": "VARCHAR",
        "artifact": "VARCHAR",
        "due_days": "BIGINT",
        "due_in": "VARCHAR",
        "every_days": "BIGINT",
        "judged_by": "VARCHAR",
        "cohort": "VARCHAR",
    },
    "loop_mark": {**_SPAN, "days_before": "BIGINT", "early_days": "BIGINT"},
    "loop_severity": {**_SPAN, "priority": "VARCHAR", "days": "BIGINT"},
}
"""The tables and their columns; ``loop_rule`` has a row a kind of loop and tier that it opens in."""

Version = tuple[datetime, datetime, ClosuresNumbers]
"""From when until when (UTC, without a zone) these numbers hold."""


def dated_rules(versions: Iterable[Version]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each of the tables in ``COLUMNS``."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in COLUMNS}
    for from_at, until_at, numbers in versions:
        span = {"from_at": from_at, "until_at": until_at}
        found["loop_rule"] += [{**span, **row} for row in _rules(numbers)]
        found["loop_mark"] += [{**span, **row} for row in _marks(numbers)]
        found["loop_severity"] += [
            {**span, "priority": row.priority.lower(), "days": row.days} for row in numbers.severities
        ]
    return found


def tiers_of_cohorts(numbers: ClosuresNumbers) -> frozenset[int]:
    """Return the tiers whose silent accounts are recorded together."""
    return frozenset(int(each) for each in numbers.cohort_tiers.split(",") if each.strip())


def _rules(numbers: ClosuresNumbers) -> Iterable[dict[str, Any]]:
    spans = {(row.loop, row.tier): row for row in numbers.cadences}
    for row in numbers.loops:
        for tier in sorted(row.of_tiers):
            every = spans.get((row.loop, tier))
            if row.opened_by not in BY_TIER or every is not None:
                judged_by = every.judged_by if every and row.opened_by == "silence" else "contact"
                every_days = every.every_days if every else None
                together = row.opened_by == "silence" and tier in tiers_of_cohorts(numbers)
                yield {
                    **_plain(row),
                    "tier": tier,
                    "every_days": every_days,
                    "judged_by": judged_by,
                    "cohort": numbers.cohort_of if together else "",
                }


def _plain(row: Loop) -> dict[str, Any]:
    due_in = "calendar" if row.opened_by == "cadence" else row.due_in
    return {**row.model_dump(exclude={"title", "tiers"}), "due_in": due_in}


def _marks(numbers: ClosuresNumbers) -> Iterable[dict[str, int]]:
    yield {"days_before": numbers.renewal_brief_days, "early_days": numbers.renewal_early_days}
    for row in numbers.renewal_refreshes:
        yield {"days_before": row.days_before, "early_days": numbers.renewal_refresh_early_days}
