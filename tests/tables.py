"""Small worlds for rules: sessions built from plain rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache, lru_cache, partial
from typing import Any

import pyarrow as pa

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

NAMES = re.compile(r"\w+")

Rows = Sequence[Mapping[str, Any]]

LOOPS_FROM = date(2023, 1, 1)
"""Loops of events before this day do not open."""


def day(text: str) -> datetime:
    """Return midnight of an ISO day, as rules see instants."""
    return datetime.combine(date.fromisoformat(text), datetime.min.time())


class World(Session):
    """A session that registers a table when it is first asked for: a rule reads a few of a hundred."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        super().__init__(numbers, threads=1)
        self._waiting: dict[str, Callable[[], pa.Table]] = {}

    def offer(self, name: str, made: Callable[[], pa.Table]) -> None:
        """Register what ``made`` returns under ``name`` once something asks for it."""
        self._waiting[name] = made

    def hold(self, name: str, rows: pa.Table) -> None:
        """Register ``rows`` now, in the place of what was offered."""
        self._waiting.pop(name, None)
        super().hold(name, rows)

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        self._register(name)
        return super().columns(name)

    def _asked(self, sql: str, numbers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self._register(sql)
        return super()._asked(sql, numbers)

    def _register(self, sql: str) -> None:
        for name in self._waiting.keys() & set(NAMES.findall(sql)):
            self.hold(name, self._waiting[name]())


def world(days: Sequence[str], *, numbers: Mapping[str, Any] | None = None, **tables: Rows) -> Session:
    """Return a session as of ``days`` (ISO) that holds the rows given; every other table is empty.

    Rows may leave out columns: ``visible_at`` falls back to ``happened_at``, ``row_id`` to the
    row's place, ``event`` to the row, the rest to null. Rows that the last day cannot see are left out, as frames do.
    ``numbers`` stand in for those of the default policy. Nothing was carried.
    """
    if unknown := tables.keys() - COLUMNS.keys():
        raise KeyError(f"no such tables: {sorted(unknown)}")
    session = World({**_policy().params(), **(numbers or {})})
    wanted = [date.fromisoformat(text) for text in days]
    hold_weeks(session, wanted, "UTC")
    told, beside = _beside(max(wanted))
    session.tell(**told, **NOTHING_SEEN)
    for name, rows in beside.items():
        session.offer(name, lambda rows=rows: rows)
    last = day(max(days)).toordinal() + 1
    for name, columns in COLUMNS.items():
        session.offer(name, partial(_filled, tables.get(name, ()), columns, last))
    return session


class _Kept:
    """Takes what is held of a session, to be offered to others."""

    def __init__(self) -> None:
        self.tables: dict[str, pa.Table] = {}
        self.numbers: dict[str, Any] = {}
        self.hold, self.tell = self.tables.__setitem__, self.numbers.update


@lru_cache(maxsize=8)
def _beside(last: date) -> tuple[dict[str, Any], dict[str, pa.Table]]:
    """Return the numbers and the tables that stand beside the facts: policy, calendar, carries of nothing."""
    kept, policy = _Kept(), _policy()
    columns = policy.table_columns()
    for name, rows in policy.tables().items():
        kept.hold(name, from_rows(rows, columns[name]))
    adopted = [(BEGINNING, policy.of(ClosuresNumbers))]
    hold_dated(kept, adopted, first=LOOPS_FROM, last=last, zone="UTC")  # type: ignore[arg-type]
    kept.hold("holiday", empty(HOLIDAY))
    for name, carried in registry.carried().items():
        kept.hold(f"{name}_carry", empty(carried))
    return kept.numbers, kept.tables


@cache
def _policy() -> Policy:
    return Policy.defaults(sections())


def _filled(rows: Rows, columns: Mapping[str, str], last: int) -> Any:
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
