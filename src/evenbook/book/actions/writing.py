"""Writing many rows, and noting once a table what was written.

Cached frames are made again from the earliest instant that a write can be seen at; an import
writes thousands of rows to a table and leaves one note.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, TypeVar

from django.db import connection
from django.db.models import DateField, Field, JSONField, Model

from evenbook.frames.actions import note_write

CHUNK = 2_000
Row = TypeVar("Row", bound=Model)
Item = TypeVar("Item")


@dataclass(slots=True)
class Written:
    """What an import has written so far, by table."""

    rows: dict[str, int] = field(default_factory=dict)
    earliest_at: dict[str, datetime] = field(default_factory=dict)
    moved: Counter[str] = field(default_factory=Counter)
    """How many changes of owner and tier there were at accounts that were known before, by name."""

    def add(self, model: type[Model], visible_at: Iterable[datetime]) -> None:
        """Note rows of a table by the instants from which they, or their end, can be seen."""
        table = model._meta.db_table
        for at in visible_at:
            self.rows[table] = self.rows.get(table, 0) + 1
            if table not in self.earliest_at or at < self.earliest_at[table]:
                self.earliest_at[table] = at

    def count(self, model: type[Model], rows: int, earliest_at: datetime) -> None:
        """Note many rows of a table at once."""
        if rows:
            self.add(model, [earliest_at])
            self.rows[model._meta.db_table] += rows - 1

    def flush(self, now: datetime) -> None:
        """Leave one note a table."""
        for table, rows in self.rows.items():
            note_write(table, rows, earliest_at=self.earliest_at[table], now=now)
        self.rows.clear()
        self.earliest_at.clear()


def chunks(items: Sequence[Item], size: int = CHUNK) -> Iterator[Sequence[Item]]:
    """Return the items in pieces."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def insert(rows: Sequence[Row]) -> Sequence[Row]:
    """Insert rows of one model, fast, and return them; their ids are only known if they were given."""
    if not rows:
        return rows
    model = type(rows[0])
    names = [each.attname for each in model._meta.concrete_fields if not each.primary_key or rows[0].pk]
    insert_plain(model, names, ([getattr(row, name) for name in names] for row in rows))
    return rows


def reserve(model: type[Model], count: int) -> list[int]:
    """Return ids that no row has and no other transaction will take, for rows inserted with them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute(f"select coalesce(max(id), 0) from {connection.ops.quote_name(table)}")
        start = int(cursor.fetchone()[0])
    return list(range(start + 1, start + 1 + count))


def insert_plain(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of plain values without making objects of them, and return how many.

    Args:
        model: whose table.
        columns: attribute names, such as ``account_id``.
        rows: values in that order.
    """
    fields = [_concrete(model, name) for name in columns]
    quote = connection.ops.quote_name
    marks = ", ".join(["%s"] * len(columns))
    names = ", ".join(quote(str(field.column)) for field in fields)
    statement = f"insert into {quote(model._meta.db_table)} ({names}) values ({marks})"
    prepare = [_preparing(field) for field in fields]
    written = 0
    with connection.cursor() as cursor:
        for piece in _pieces(rows):
            columns_of = zip(*piece, strict=True)
            ready = [
                cells if prep is None else map(prep, cells)
                for prep, cells in zip(prepare, columns_of, strict=True)
            ]
            cursor.executemany(statement, list(zip(*ready, strict=True)))
            written += len(piece)
    return written


def _preparing(field: Field[Any, Any]) -> Callable[[Any], Any] | None:
    """Return how values of a field are brought to the database, None where they go as they are.

    Instants and days repeat in bulk, so each is prepared once.
    """
    prepare = partial(field.get_db_prep_save, connection=connection)
    if isinstance(field, DateField):
        return lru_cache(maxsize=65_536)(prepare)
    return prepare if isinstance(field, JSONField) else None


def _concrete(model: type[Model], name: str) -> Field[Any, Any]:
    return next(field for field in model._meta.concrete_fields if field.attname == name)


def _pieces(rows: Iterable[Item]) -> Iterator[list[Item]]:
    piece: list[Item] = []
    for row in rows:
        piece.append(row)
        if len(piece) >= CHUNK:
            yield piece
            piece = []
    if piece:
        yield piece
