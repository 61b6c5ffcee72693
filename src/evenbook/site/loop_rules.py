"""What the rules of loops rest on beside the records: the policy as it was, and the calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pyarrow as pa

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.rules.dated import COLUMNS, Version, dated_rules
from evenbook.frames.queries import first_written_at
from evenbook.frames.session import Session, from_rows
from evenbook.kit.dates import day_ends_at
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import adopted_by
from evenbook.policy.schema import Policy

ALWAYS, FOREVER = datetime(1, 1, 1), datetime(9999, 1, 1)
CALENDAR = {"day": "DATE", "starts_at": "TIMESTAMP"}
SPANS = {**CALENDAR, "ends_at": "TIMESTAMP"}
BEFORE, AFTER = timedelta(days=600), timedelta(days=800)
"""How far the calendar reaches beyond the days on which loops open: the longest spans of the policy."""
PAST = timedelta(days=3_000)
"""How far back an artifact may be written and still be current on a day of the history of a run."""


def hold_loop_rules(session: Session, policy: Policy, last: date) -> date:
    """Register the rules of loops up to a day, and the calendar; return the day from which loops open."""
    zone = policy.of(OrganizationNumbers).time_zone
    first = policy.of(ClosuresNumbers).start_on or _first_load(zone) or last
    adopted = [(_plain(at), each.of(ClosuresNumbers)) for at, each in adopted_by(last)]
    hold_dated(session, adopted, first=first, last=last, zone=zone)
    return first


def hold_dated(
    session: Session,
    adopted: list[tuple[datetime, ClosuresNumbers]],
    *,
    first: date,
    last: date,
    zone: str,
) -> None:
    """Register the rules of each version of the policy, and the calendar around the days given.

    Args:
        session: takes the tables.
        adopted: each version's numbers with when it was adopted, the oldest first.
        first: the day from which loops open.
        last: the last day asked for.
        zone: where a day begins and ends.
    """
    starts = [ALWAYS, *(at for at, _ in adopted[1:])]
    ends = [*starts[1:], FOREVER]
    versions: list[Version] = [
        (from_at, until_at, numbers)
        for from_at, until_at, (_, numbers) in zip(starts, ends, adopted, strict=True)
    ]
    for name, rows in dated_rules(versions).items():
        session.hold(name, from_rows(rows, COLUMNS[name]))
    session.hold("calendar", _calendar(min(first, last) - BEFORE, last + AFTER, zone))
    session.hold("day_span", _spans(last - PAST, last + timedelta(days=1), zone))
    session.tell(closures_start_at=_start(first, zone))


@lru_cache(maxsize=4)
def _calendar(first: date, last: date, zone: str) -> pa.Table:
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    return from_rows([{"day": day, "starts_at": _start(day, zone)} for day in days], CALENDAR)


@lru_cache(maxsize=4)
def _spans(first: date, last: date, zone: str) -> pa.Table:
    """Return when each day begins and ends there, for days that are told as instants."""
    rows = _calendar(first, last + timedelta(days=1), zone).to_pylist()
    return from_rows([{**day, "ends_at": after["starts_at"]} for day, after in pairwise(rows)], SPANS)


def _start(day: date, zone: str) -> datetime:
    return _plain(day_ends_at(day - timedelta(days=1), zone))


def _plain(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(tzinfo=None)


def _first_load(zone: str) -> date | None:
    written = first_written_at()
    return written.astimezone(ZoneInfo(zone)).date() if written else None
