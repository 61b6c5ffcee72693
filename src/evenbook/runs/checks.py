"""What the doctor looks at in runs: when the week was last run, whether anybody does what waits."""

from __future__ import annotations

from datetime import datetime, timedelta

from evenbook.kit.findings import Check, Finding, counted
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest
from evenbook.runs.jobs.doing import numbers_in
from evenbook.runs.queries import latest_week, oldest_happening_at, standing

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
        "Run: evenbook week; and see that a worker runs (evenbook worker), which does it every week.",
    )


def queue_worked(now: datetime) -> Finding | None:
    """Find work that waits while nobody is there to do it."""
    found = standing(SYSTEM, now=now)
    patience = timedelta(minutes=numbers_in(latest().policy).alarm_minutes)
    since = found.oldest_at or (oldest_happening_at(SYSTEM) if found.happenings else None)
    if found.workers or since is None or now - since < patience:
        return None
    waits = counted(found.waiting, "run waits", "runs wait") if found.waiting else "A refresh waits"
    return Finding(
        f"{waits} since {since:%Y-%m-%d %H:%M} UTC, and no worker runs.",
        "Start one: evenbook worker, or evenbook serve without --no-worker.",
    )


def work_done(now: datetime) -> Finding | None:
    """Find runs that failed lately and that nobody began anew."""
    failed = standing(SYSTEM, now=now).failed
    if not failed:
        return None
    return Finding(
        f"{counted(failed, 'run', 'runs')} failed in the last seven days.",
        "Look at `evenbook runs list --state failed`; `evenbook runs retry NUMBER` begins one anew.",
    )


CHECKS = (
    Check("weekly-run", "The week was run within the last eight days.", weekly_run),
    Check("queue-worked", "What waits is done, or nothing waits.", queue_worked),
    Check("work-done", "No run failed in the last seven days.", work_done),
)
