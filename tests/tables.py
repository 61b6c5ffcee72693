"""Small worlds for rules: sessions built from plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from evenbook.book.holidays import COLUMNS as HOLIDAY
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.frames.queries import hold_weeks
from evenbook.frames.session import Session, empty, from_rows
from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy
from evenbook.signals.rules.usage_carry import NOTHING_SEEN
from evenbook.site import registry
from evenbook.site.loop_rules import ALWAYS as BEGINNING
from evenbook.site.loop_rules import hold_dated

COLUMNS = {table.name: dict(table.columns) for table in registry.tables()}

Rows = Sequence[Mapping[str, Any]]

LOOPS_FROM = date(2023, 1, 1)
"""Loops of events before this day do not open."""


def day(text: str) -> datetime:
    """Return midnight of an ISO day, as rules see instants."""
    return datetime.combine(date.fromisoformat(text), datetime.min.time())


def world(days: Sequence[str], *, numbers: Mapping[str, Any] | None = None, **tables: Rows) -> Session:
    """Return a session as of ``days`` (ISO) that holds the rows given; every other table is empty.

    Rows may leave out columns: ``visible_at`` falls back to ``happened_at``, ``row_id`` to the
    row's place, ``event`` to the row, the rest to null. Rows that the last day cannot see are left out, as frames do.
    ``numbers`` stand in for those of the default policy. Nothing was carried.
    """
    policy = _policy()
    session = Session({**policy.params(), **(numbers or {})}, threads=1)
    wanted = [date.fromisoformat(text) for text in days]
    hold_weeks(session, wanted, "UTC")
    for name, rows in policy.tables().items():
        session.hold(name, from_rows(rows, policy.table_columns()[name]))
    hold_dated(
        session, [(BEGINNING, policy.of(ClosuresNumbers))], first=LOOPS_FROM, last=max(wanted), zone="UTC"
    )
    session.hold("holiday", empty(HOLIDAY))
    last = day(max(days)).toordinal() + 1
    for name, columns in COLUMNS.items():
        session.hold(name, _filled(name, tables.pop(name, ()), columns, last))
    for name, columns in registry.carried().items():
        session.hold(f"{name}_carry", empty(columns))
    session.tell(**NOTHING_SEEN)
    if tables:
        raise KeyError(f"no such tables: {sorted(tables)}")
    return session


@cache
def _policy() -> Policy:
    return Policy.defaults(sections())


def _filled(name: str, rows: Rows, columns: Mapping[str, str], last: int) -> Any:
    if not rows:
        return empty(columns)
    full = []
    for place, row in enumerate(rows):
        seen = row.get("visible_at", row.get("happened_at", datetime(1970, 1, 1)))
        if "visible_at" in columns and seen.toordinal() >= last:
            continue
        given = {
            "row_id": place,
            "role": "owner",
            "event": f"test:{row.get('row_id', place)}",
            "closes": "",
            **row,
        }
        if "visible_at" in columns:
            given["visible_at"] = seen
        full.append({column: given.get(column) for column in columns})
    return from_rows(full, columns) if full else empty(columns)
