"""Times as the reader's clock says them: the one place where an instant becomes a day and an hour.

Instants are stored in UTC. Whose zone a page is in is said once, by ``showing``; it is worked out
only where a page shows an instant at all. A date that came without an hour is stored at midnight
UTC: it is that date in every zone, and is never moved to the evening before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from functools import cache
from zoneinfo import ZoneInfo

UNIVERSAL = ZoneInfo("UTC")
_zone: ContextVar[Callable[[], ZoneInfo]] = ContextVar("reader's zone", default=lambda: UNIVERSAL)


@contextmanager
def showing(zone: Callable[[], ZoneInfo]) -> Iterator[None]:
    """Show times in the zone that ``zone`` gives, asked once, when the first time is shown."""
    token = _zone.set(cache(zone))
    try:
        yield
    finally:
        _zone.reset(token)


def here() -> ZoneInfo:
    """Return the zone that times are shown in."""
    return _zone.get()()


def local(at: datetime) -> datetime:
    """Return an instant by the reader's clock."""
    return at.astimezone(here())


def local_day(at: date) -> date:
    """Return the day of an instant by the reader's clock; a date is that date everywhere."""
    if not isinstance(at, datetime):
        return at
    return at.astimezone(UTC).date() if is_whole_day(at) else local(at).date()


def is_whole_day(at: datetime) -> bool:
    """Return whether an instant is a date that came without an hour."""
    return at.astimezone(UTC).time() == time()


def hour(at: datetime) -> str:
    """Return the time of day: 14:05."""
    return f"{local(at):%H:%M}"


def zone_word(at: datetime) -> str:
    """Return what the reader's zone is called at an instant: CET, or UTC+8 where it has no letters."""
    said = local(at).tzname() or ""
    if said[:1] not in "+-":
        return said
    hours, minutes = said[1:3].lstrip("0") or "0", said[3:]
    return f"UTC{said[0]}{hours}{f':{minutes}' if minutes else ''}"
