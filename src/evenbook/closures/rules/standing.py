"""In which state a loop is, as of a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

OPEN, OVERDUE, CLOSED, CLOSED_LATE, WAIVED, WITHDRAWN = (
    "open",
    "overdue",
    "closed",
    "closed_late",
    "waived",
    "withdrawn",
)
STATES = {
    OPEN: "Open",
    OVERDUE: "Overdue",
    CLOSED: "Closed",
    CLOSED_LATE: "Closed late",
    WAIVED: "Waived",
    WITHDRAWN: "Withdrawn",
}
OWED = frozenset({OPEN, OVERDUE})


def state_of(
    *,
    due_on: date,
    closed_at: datetime | None,
    withdrawn_at: datetime | None,
    waived_at: datetime | None,
    as_of: date,
    ends_at: datetime,
    day_of: Callable[[datetime], date],
) -> str:
    """Return the state of a loop that had opened by the end of a day; what came after has not happened.

    Args:
        due_on: the last day on which it is in time.
        closed_at: when an artifact closed it.
        withdrawn_at: when the records ceased to open it.
        waived_at: when a leader waived it.
        as_of: the day.
        ends_at: when that day is over.
        day_of: the day of an instant where the organization works.
    """
    ends = {CLOSED: closed_at, WITHDRAWN: withdrawn_at, WAIVED: waived_at}
    done = {state: at for state, at in ends.items() if at is not None and at < ends_at}
    if not done:
        return OVERDUE if due_on < as_of else OPEN
    first = min(done, key=lambda state: done[state])
    if CLOSED in done:  # an artifact closes also what was waived
        first = CLOSED if first == WAIVED else first
    if first == CLOSED and day_of(done[CLOSED]) > due_on:
        return CLOSED_LATE
    return first
