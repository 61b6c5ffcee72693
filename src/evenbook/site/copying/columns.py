"""How a row of any table is written so that it reads the same from either database.

Instants are naive UTC (``2026-03-09 08:00:00.5`` has all six digits or none), days are ISO, yes and no
are JSON's, documents are JSON text with sorted keys, bytes are base64.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps.registry import Apps
from django.db import models

Value = Any
Change = Callable[[Value], Value]

LEFT_OUT = {"django_migrations", "django_session", "people_opensession"}
"""What the program keeps for itself, and sessions: a backup must not hold keys that open doors."""

WHOLE = 1e15
"""Above this a number without a fraction is written without one, as PostgreSQL does."""


@dataclass(frozen=True)
class Column:
    """A column and how its values are turned: to a line, and from one to the database."""

    name: str
    kind: str


@dataclass(frozen=True)
class Table:
    """A table to copy; of ``columns`` the primary key is first, the others follow by name."""

    name: str
    columns: tuple[Column, ...]
    is_text_keyed: bool

    @property
    def names(self) -> list[str]:
        """The columns by name."""
        return [column.name for column in self.columns]


class CannotCopy(Exception):
    """A kind of field that nobody has taught this module: a fault of the program."""


KINDS: tuple[tuple[Any, str], ...] = (
    (models.JSONField, "document"),
    (models.DateTimeField, "instant"),
    (models.DateField, "day"),
    (models.BooleanField, "yes or no"),
    (models.FloatField, "number"),
    (models.BinaryField, "bytes"),
    (models.UUIDField, "uuid"),
    (models.CharField | models.TextField | models.GenericIPAddressField | models.FileField, "text"),
    (models.IntegerField | models.AutoField, "whole"),
)


def tables_of(apps: Apps, known: Iterable[str] | None = None) -> tuple[Table, ...]:
    """Return every table of an app registry that is copied, by name.

    Args:
        apps: of the program, or of an earlier state of its migrations.
        known: the tables to keep to; else all.
    """
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }
    wanted = sorted(set(found) & set(known)) if known is not None else sorted(found)
    return tuple(_table(found[name]) for name in wanted)


def _table(model: type[models.Model]) -> Table:
    fields = sorted(model._meta.local_concrete_fields, key=lambda one: (not one.primary_key, one.column))
    columns = tuple(Column(str(field.column), _kind(field)) for field in fields)
    return Table(model._meta.db_table, columns, columns[0].kind in {"text", "uuid"})


def _kind(field: models.Field[Any, Any]) -> str:
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    for known, kind in KINDS:
        if isinstance(field, known):
            return kind
    raise CannotCopy(f"{field.model._meta.label}.{field.name} is a {type(field).__name__}")


def lines(rows: Iterable[Sequence[Value]], table: Table) -> Iterator[bytes]:
    """Yield rows as the database gave them, each as its line."""
    changes = [
        (at, TO_LINE[column.kind]) for at, column in enumerate(table.columns) if column.kind in TO_LINE
    ]
    write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    for row in rows:
        values = list(row)
        for place, change in changes:
            if values[place] is not None:
                values[place] = change(values[place])
        yield (write(values) + "\n").encode("utf-8", "surrogatepass")


def values(line: bytes, table: Table, *, vendor: str) -> list[Value]:
    """Return the values of a line as a database takes them.

    Raises:
        ValueError: the line is no row of the table.
    """
    row = json.loads(line)
    if not isinstance(row, list) or len(row) != len(table.columns):
        raise ValueError(f"a row of {table.name} has {len(table.columns)} values")
    turned = FROM_LINE[vendor]
    for place, column in enumerate(table.columns):
        change = turned.get(column.kind)
        if change is not None and row[place] is not None:
            row[place] = change(row[place])
    return row


def _instant(value: Value) -> str:
    text = str(value.replace(tzinfo=None)) if isinstance(value, datetime) else str(value)
    if len(text) in {19, 26}:
        return text
    found = re.fullmatch(
        r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6})\d*)?(?:\+00(?::?00)?|Z)?", text
    )
    if found is None:
        raise ValueError(f"not an instant: {text[:40]}")
    fraction = (found[3] or "").ljust(6, "0")
    return f"{found[1]} {found[2]}" + (f".{fraction}" if fraction.strip("0") else "")


def _day(value: Value) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)[:10]


def _document(value: Value) -> str:
    if value in {"{}", "[]", '""', "null"}:
        return str(value)
    held = json.loads(value, parse_float=_number, parse_int=_number) if isinstance(value, str) else value
    return json.dumps(held, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _number(text: str) -> int | float:
    """Return a number of a document as both databases agree on it: by worth, not by how it is spelled."""
    number = float(text)
    if number.is_integer() and (abs(number) >= WHOLE or not re.search(r"[.eE]", text)):
        return int(number) if re.search(r"[.eE]", text) else int(text)
    return number + 0.0


TO_LINE: dict[str, Change] = {
    "number": float,
    "yes or no": bool,
    "day": _day,
    "instant": _instant,
    "document": _document,
    "bytes": lambda value: base64.b64encode(bytes(value)).decode(),
    "uuid": lambda value: str(value).replace("-", ""),
}
FROM_LINE: dict[str, dict[str, Change]] = {
    "sqlite": {"bytes": base64.b64decode, "yes or no": int},
    "postgresql": {"bytes": base64.b64decode, "instant": lambda value: f"{value}+00"},
}
