"""One nested record as one row: names with dots, cells that a table can hold.

Objects are opened (``satisfaction_rating.score``), lists of names and values too
(``custom_fields.21554111``), lists of plain values are joined. Any other list stays as JSON text, so that
nothing is lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from evenbook.sources.reading.encoding import ODD, column_name
from evenbook.sources.reading.sheets import Cell

DEEPEST = 8
NAMELESS = "(no name)"
JOINT = "; "
NAME_KEYS = ("id", "key", "name")


def flattened(record: dict[str, Any]) -> dict[str, Cell]:
    """Return a record with its nested objects opened, keys in order of appearance."""
    cells: dict[str, Cell] = {}
    _open("", record, cells, 0)
    return cells


def header_of(seen: Iterable[tuple[str, bool]]) -> list[str]:
    """Return the columns of all records: those seen, apart from objects that were only ever blank.

    Args:
        seen: each name, in order, and whether it ever held a value of its own.
    """
    names = dict(seen)
    parents = {name[:at] for name in names for at in range(len(name)) if name[at] == "."}
    return [name for name, has_value in names.items() if has_value or name not in parents]


def odd_name(cells: dict[str, Cell]) -> str | None:
    """Return the first column whose text holds characters that are no text; None where all is well."""
    return next((n for n, c in cells.items() if isinstance(c, str) and ODD.search(c)), None)


def _open(prefix: str, value: Any, cells: dict[str, Cell], depth: int) -> None:
    for key, inner in value.items():
        name = f"{prefix}.{_named(key)}" if prefix else _named(key)
        if isinstance(inner, dict) and depth < DEEPEST:
            if inner:
                _open(name, inner, cells, depth + 1)
        elif isinstance(inner, list):
            _open_list(name, inner, cells, depth)
        else:
            cells[name] = _scalar(inner)


@lru_cache(maxsize=4096)
def _named(key: str) -> str:
    return column_name(key) or NAMELESS


def _open_list(name: str, items: list[Any], cells: dict[str, Cell], depth: int) -> None:
    if not items:
        cells[name] = None
    elif all(isinstance(item, str | int | float) and JOINT not in str(item) for item in items):
        cells[name] = JOINT.join(_joined(item) for item in items)
    elif (label := _label(items)) and depth < DEEPEST:
        _open(name, {str(item[label]): item["value"] for item in items}, cells, depth + 1)
    else:
        cells[name] = json.dumps(items, ensure_ascii=False)


def _label(items: list[Any]) -> str | None:
    """The key that names each element of a list of names and values, where each name is another."""
    if not all(isinstance(item, dict) and "value" in item for item in items):
        return None
    for key in NAME_KEYS:
        labels = [item.get(key) for item in items]
        if all(isinstance(label, str | int) for label in labels) and len(set(labels)) == len(labels):
            return key
    return None


def _joined(item: Any) -> str:
    return json.dumps(item) if isinstance(item, bool) else str(item)


def _scalar(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, ensure_ascii=False)
