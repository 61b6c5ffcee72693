"""Days, weeks and the instant at which an as-of day ends.

An *as-of day* is cut where it ends in the organisation's zone; everything stored is UTC.
Weeks run Monday to Sunday and are named by their Monday.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""When back-filled structural attributes are taken to have been known."""


def day_ends_at(day: date, zone: str = "UTC") -> datetime:
    """Return the UTC instant at which ``day`` is over in ``zone``."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def monday_of(day: date) -> date:
    """Return the Monday of the week that holds ``day``."""
    return day - timedelta(days=day.weekday())


def last_full_week(as_of: date) -> date:
    """Return the Monday of the last week that was over before ``as_of``.

    A week is read from the Monday after it on: what was counted in it is delivered then.
    """
    return monday_of(as_of) - timedelta(days=7)


def week_series(last: date, count: int) -> list[date]:
    """Return ``count`` days, a week apart, that end with ``last``, oldest first."""
    return [last - timedelta(weeks=back) for back in range(count - 1, -1, -1)]


def months_before(day: date, months: int) -> date:
    """Return the day so many months earlier, the last of its month where that is shorter."""
    whole = day.year * 12 + day.month - 1 - months
    year, month = divmod(whole, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def start_of(day: date) -> datetime:
    """Return the instant at which a date-only value is stored: its midnight, UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
