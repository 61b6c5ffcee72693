"""The exports of tools, as recognition knows them, and how the catalogue writes them down. Pure.

A tool is one text. ``= table: label`` opens an export; the lines after it say what every such file
has (``needs``), what it has some of (``some 2``), what it or its records may be called (``files``,
``objects``), what is the same in every row (``always``), and, field by field, the headers that
carry it, best first. ``like label`` takes the columns of another export; ``@stamps`` those of a block
opened by ``@ stamps``. Headers are compared by their letters and digits alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

_LETTERS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Export:
    """One table that a tool exports.

    Args:
        source: the tool.
        label: what people call the file.
        table: the kind of table that its rows become; "" for one that is known and not used.
        needs: headers that every such file has.
        some: headers of which ``least`` must be there.
        least: how many.
        columns: field to the headers that carry it, best first.
        objects: what the file itself may call its records.
        stems: what the file may be called.
        constants: fields with one value for all rows.
    """

    source: str
    label: str
    table: str
    needs: tuple[str, ...] = ()
    some: tuple[str, ...] = ()
    least: int = 0
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    objects: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)


@cache
def letters(header: str) -> str:
    """Return a header by its letters and digits alone, without the prefixes of loaders."""
    lower = header.lower()
    for prefix in ("property_", "properties."):
        lower = lower.removeprefix(prefix)
    return _LETTERS.sub("", lower)


def exports(source: str, text: str) -> tuple[Export, ...]:
    """Return the exports of a tool that a text describes."""
    blocks: dict[str, dict[str, tuple[str, ...]]] = {}
    found: list[Export] = []
    for opening, lines in _blocks(text):
        if opening.startswith("@"):
            blocks[opening] = dict(_column(line) for line in lines)
            continue
        table, _, label = opening.partition(":")
        export = Export(source, label.strip(), table.strip())
        for line in lines:
            export = _told(export, line, found, blocks)
        found.append(export)
    return tuple(found)


def not_used(text: str) -> dict[str, str]:
    """Return why known tables are not used: a line a reason, ``reason: name name …``."""
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.replace("\n    ", " ").splitlines())):
        reason, _, names = line.rpartition(":")
        found.update(dict.fromkeys(names.split(), reason))
    return found


def _blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    opening, lines = "", list[str]()
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith(("= ", "@ ")):
            if opening:
                yield opening, lines
            opening, lines = (line[2:] if line[0] == "=" else "@" + line[2:]), []
        else:
            lines.append(line)
    yield opening, lines


def _told(
    export: Export, line: str, before: list[Export], blocks: Mapping[str, Mapping[str, tuple[str, ...]]]
) -> Export:
    if line.startswith("@"):
        return replace(export, columns={**export.columns, **blocks[line]})
    name, _, rest = line.partition(" ")
    listed = tuple(each.strip() for each in rest.split(",") if each.strip())
    if name == "like":
        other = next(each for each in before if each.label == rest)
        return replace(export, columns={**other.columns, **export.columns})
    if name == "always":
        return replace(export, constants=dict(each.split("=") for each in listed))
    if name == "needs":
        return replace(export, needs=tuple(map(letters, listed)))
    if name == "some":
        least, _, marks = rest.partition(" ")
        extra = tuple(letters(each.strip()) for each in marks.split(",") if each.strip())
        return replace(export, least=int(least), some=(*export.some, *extra))
    if name == "files":
        return replace(export, stems=listed)
    if name == "objects":
        return replace(export, objects=listed)
    return replace(export, columns={**export.columns, **dict([_column(line)])})


def _column(line: str) -> tuple[str, tuple[str, ...]]:
    name, _, rest = line.partition(" ")
    return name, tuple(letters(each.strip()) for each in rest.split(",") if each.strip())
