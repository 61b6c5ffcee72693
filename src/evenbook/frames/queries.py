"""Sessions over the application's tables, as of a set of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.models import Max, Min

from evenbook.frames import cache
from evenbook.frames.models import Write
from evenbook.frames.reader import Driver
from evenbook.frames.session import Session, from_rows
from evenbook.frames.step import Numbers
from evenbook.frames.table import Table
from evenbook.kit import dates

WEEKS = {"as_of": "DATE", "ends_at": "TIMESTAMP", "starts_at": "TIMESTAMP", "week_on": "DATE"}


def open_session(
    tables: Iterable[Table],
    days: Sequence[date],
    *,
    zone: str,
    numbers: Numbers,
    folder: Path,
    threads: int = 2,
    memory: str = "2GB",
) -> Session:
    """Return a session that holds ``tables`` as far as the last of ``days`` may see them, and ``weeks``.

    Rows whose ``visible_at`` lies after that day are not there at all, so no rule can read them.

    Args:
        tables: what to hold. A table with a ``visible_at`` column is cut by it.
        days: the as-of days, any order, at least one.
        zone: the organisation's time zone, where a day ends.
        numbers: the policy's numbers.
        folder: where frames are cached.
        threads: cores for the engine.
        memory: the engine's ceiling.
    """
    session = Session(numbers, threads=threads, memory=memory)
    hold_weeks(session, days, zone)
    last = max(dates.day_ends_at(day, zone) for day in days)
    with Driver() as driver:
        for table in tables:
            where = _seen_before(_naive(last)) if "visible_at" in table.columns else ""
            if connection.in_atomic_block:
                session.hold_cut(table.name, cache.held(table), where=where)
            else:
                session.hold_file(table.name, cache.file_of(table, folder, driver), where=where)
    return session


def hold_weeks(session: Session, days: Sequence[date], zone: str) -> None:
    """Register ``weeks``: one row an as-of day, with the instants that cut it.

    Queries may ask for the first and the last of these instants as ``$first_ends_at`` and
    ``$last_ends_at``: a known value lets the engine skip what it need not read. What becomes known after
    the last of them is not there until later weeks are held.
    """
    ends = {day: _naive(dates.day_ends_at(day, zone)) for day in sorted(set(days))}
    rows = [
        {
            "as_of": day,
            "ends_at": instant,
            "starts_at": instant - timedelta(days=7),
            "week_on": dates.last_full_week(day),
        }
        for day, instant in ends.items()
    ]
    first, last = min(ends.values()), max(ends.values())
    session.hold("weeks", from_rows(rows, WEEKS))
    session.tell(first_ends_at=first, last_ends_at=last)
    session.cut(_seen_before(last))


def _seen_before(instant: datetime) -> str:
    return f"visible_at < timestamp '{instant:%Y-%m-%d %H:%M:%S}'"


def _naive(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def last_write() -> int:
    """Return the number of the last write to any table of facts."""
    return int(Write.objects.aggregate(last=Max("pk"))["last"] or 0)


def written_before(instant: datetime, *, since: int) -> bool:
    """Return whether a write after the one numbered ``since`` put in rows seen before ``instant``."""
    return Write.objects.filter(pk__gt=since, earliest_at__lt=instant).exists()


def written_to(tables: Iterable[str], *, since: int) -> bool:
    """Return whether a write after the one numbered ``since`` put rows into one of these tables."""
    return Write.objects.filter(pk__gt=since, table__in=list(tables)).exists()


def first_written_at() -> datetime | None:
    """Return when facts were first written, None where there are none."""
    found: datetime | None = Write.objects.aggregate(first=Min("written_at"))["first"]
    return found
