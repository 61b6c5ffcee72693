"""When the week is due, and when what happened has been quiet for long enough."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from evenbook.policy.numbers import WEEKDAYS

DAYS = tuple(WEEKDAYS)
LONGEST_QUIET = timedelta(minutes=30)
"""Where something happens all the time, a refresh waits no longer than this."""


def last_due(now: datetime, *, day: str, hour: int, zone: str) -> datetime:
    """Return the last time up to ``now`` that the week was due: ``day`` at ``hour`` in ``zone``."""
    here = now.astimezone(ZoneInfo(zone))
    back = (here.weekday() - DAYS.index(day)) % 7
    for weeks in (0, 1):
        on = here.date() - timedelta(days=back + 7 * weeks)
        due = datetime.combine(on, time(hour), ZoneInfo(zone))
        if due <= here:
            return due
    raise AssertionError("a week earlier lies before now")


def next_due(now: datetime, *, day: str, hour: int, zone: str) -> datetime:
    """Return the next time after ``now`` that the week is due."""
    before = last_due(now, day=day, hour=hour, zone=zone)
    return datetime.combine(before.date() + timedelta(days=7), time(hour), ZoneInfo(zone))


def is_ripe(first_at: datetime, last_at: datetime, *, now: datetime, quiet: timedelta) -> bool:
    """Return whether what happened from ``first_at`` to ``last_at`` is to be refreshed on now."""
    return now - last_at >= quiet or now - first_at >= max(quiet, LONGEST_QUIET)
