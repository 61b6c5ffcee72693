"""Hours by kind of work as a plan keeps them.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenbook.sizing.rules.bases import QUARTER_DAYS
from evenbook.sizing.rules.pushed import Work

DIGITS = 4


def work_document(work: Work, titles: Mapping[str, str]) -> dict[str, Any]:
    """Return the hours by kind as a plan keeps them, the kinds that take most first.

    ``recorded_hours`` are those of the quarter, ``hours`` a month in the plan: the kind's share of what is
    on record of each tier, of the hours that the tier takes.
    """
    found: list[dict[str, Any]] = []
    for kind in {kind for _, kind in work.entries}:
        mine = [tier for tier in sorted(work.need) if (tier, kind) in work.entries]
        held = work.held(kind)
        found.append(
            {
                "kind": kind,
                "kind_name": titles.get(kind, kind),
                "entries": sum(work.entries[tier, kind] for tier in mine),
                "untimed": sum(work.untimed[tier, kind] for tier in mine),
                "recorded_hours": round(sum(work.recorded[tier, kind] for tier in mine), DIGITS),
                "hours": None if held is None else round(held, DIGITS),
                "tiers": [
                    {
                        "tier": tier,
                        "share": _rounded(work.share(tier, kind)),
                        "hours": _hours(work, tier, kind),
                    }
                    for tier in mine
                ],
            }
        )
    found.sort(key=lambda row: (-(row["hours"] or 0.0), row["kind"]))
    return {
        "days": QUARTER_DAYS,
        "hours_without_kind": round(sum(work.beyond.values()), DIGITS),
        "hours_now": round(sum(work.need.values()), DIGITS),
        "kinds": found,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


def _hours(work: Work, tier: int, kind: str) -> float | None:
    return _rounded(work.held(kind, tier))
