"""The sentence that each page of runs opens with. Pure."""

from __future__ import annotations

from datetime import date, datetime

from evenbook.runs.queries import JobInfo, RunInfo, Standing
from evenbook.screens.shown import number_word, plural

DOES = {
    "waiting": "waits for its turn",
    "done": "is done",
    "failed": "failed",
    "cancelled": "was cancelled",
}


def of_runs(standing: Standing, newest: RunInfo | None, *, due: datetime | None) -> str:
    """Return what matters first to operations: what nobody does, what failed, what is under way."""
    if standing.waiting + standing.happenings and not standing.workers:
        waits = _runs(standing.waiting) if standing.waiting else "a refresh"
        return f"No worker runs, and {waits} {plural(standing.waiting or 1, 'waits', 'wait')}."
    if standing.failed:
        return f"{_runs(standing.failed, start=True)} failed in the last seven days."
    if standing.running or standing.waiting:
        return f"{_under_way(standing.running, standing.waiting)}."
    return of_weeks(newest, due=due)


def of_weeks(newest: RunInfo | None, *, due: datetime | None) -> str:
    """Return how fresh the figures are, for everybody."""
    if newest is None:
        return "No week was run yet."
    then = f"; the next is due on {_day(due.date())}" if due else ""
    return f"The figures are of {_day(newest.as_of)}{then}."


def of_run(found: JobInfo) -> str:
    """Return how one run stands."""
    called = f"{found.title}, {found.about}," if found.about else found.title
    if found.state != "running":
        return f"{called} {DOES[found.state]}."
    if found.stops:
        return f"{called} stops as soon as it can."
    far = f": {found.done:,} of {found.total:,}" if found.total else ""
    return f"{called} is under way{far}."


def _runs(count: int, *, start: bool = False) -> str:
    return f"{number_word(count, start=start)} {plural(count, 'run')}"


def _under_way(running: int, waiting: int) -> str:
    waits = plural(waiting, "waits", "wait")
    if not running:
        return f"{_runs(waiting, start=True)} {waits}"
    under_way = f"{_runs(running, start=True)} {plural(running, 'is', 'are')} under way"
    return f"{under_way} and {number_word(waiting)} {waits}" if waiting else under_way


def _day(on: date) -> str:
    return f"{on:%A} {on.day} {on:%B %Y}"
