"""What the doctor looks at in the ledger: when the week was last run."""

from __future__ import annotations

from datetime import datetime, timedelta

from evenbook.kit.findings import Check, Finding
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import latest_week

OLDEST = timedelta(days=8)
"""A week, and a day for the machine that was off on Monday."""


def weekly_run(now: datetime) -> Finding | None:
    """Find an instance whose pages show an old week, or none."""
    run = latest_week(SYSTEM)
    if run is None:
        return Finding("No week was ever run: pages have nothing to show.", "Run: evenbook week")
    age = now.date() - run.as_of
    if age <= OLDEST:
        return None
    return Finding(
        f"The last weekly run is of {run.as_of.isoformat()}, {age.days} days ago.",
        "Run: evenbook week; and have a scheduler run it every Monday (docs/guides/weekly-run.md).",
    )


CHECKS = (Check("weekly-run", "The week was run within the last eight days.", weekly_run),)
