"""What reading gives: tables as streams of rows, and what could not be read.

A *sheet* is one table: a CSV file, one sheet of a workbook, one kind of record in a JSON file.
It can be read any number of times; each time it starts over and holds one batch in memory.
Rows that do not fit are handed over beside the good ones, with their reason, and are never
dropped. What the columns mean is not decided here; see ``profile`` and ``values``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from evenbook.kit.errors import EvenbookError

Cell = str | int | float | bool | Decimal | date | datetime | None
"""One value as the file holds it: text from CSV ('' is blank), typed from the other kinds."""

Kind = Literal["csv", "xlsx", "json", "jsonl", "parquet"]
Cause = Literal["unknown_type", "documentation", "empty", "damaged", "refused"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row that has as many cells as the sheet has columns.

    ``number`` is what a spreadsheet shows beside the row (the header of a plain file is row 1),
    the line of a JSON-lines file, the position of a record elsewhere (from 1).
    """

    number: int
    values: list[Cell]


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """One row that is not taken, why, and what it held (made safe to print and to store)."""

    number: int
    reason: str
    cells: tuple[str, ...]
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows that follow each other: ``numbers[i]`` is the number of ``rows[i]``."""

    numbers: Sequence[int]
    rows: list[list[Cell]]
    rejected: list[RejectedRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file.

    Args:
        file: name to show, as ``accounts.csv``, ``export.zip/accounts.csv``, ``book.xlsx#Sheet1``,
            ``Accounts.json#Contact``.
        kind: what the file is.
        header: one name per column, each one different and none empty.
        sha256: of the file's bytes (all sheets of a workbook share it).
        stream: gives the batches from the start, for a batch size.
        object_type: what the file itself calls its records (Salesforce's ``attributes.type``, the
            name of a JSON list such as ``tickets``), where it says so.
        has_header: false where the first line is already data, so that columns are only numbered.
        notes: what was found out or put right on the way, in sentences; for a person to read.
        facts: the same for programs: ``encoding``, ``delimiter``, ``header_row``.
    """

    file: str
    kind: Kind
    header: list[str]
    sha256: str
    stream: Callable[[int], Iterator[Batch]]
    batch_rows: int = 5_000
    object_type: str | None = None
    has_header: bool = True
    notes: list[str] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)

    def batches(self, size: int | None = None) -> Iterator[Batch]:
        """Return all rows from the start, ``size`` at a time.

        Raises:
            ReadingStopped: the file broke off after rows were already handed over.
        """
        return self.stream(size or self.batch_rows)

    def rows(self) -> Iterator[Row | RejectedRow]:
        """Return all rows from the start one by one, rejected ones after their batch.

        Raises:
            ReadingStopped: as in ``batches``.
        """
        for batch in self.batches():
            yield from map(Row, batch.numbers, batch.rows)
            yield from batch.rejected


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of one, that gives no rows, and why.

    ``cause`` is ``unknown_type`` (not a table at all), ``documentation`` (describes data, holds
    none), ``empty`` (no row), ``damaged`` (meant as data, cannot be read) or ``refused`` (a limit).
    The last two want a person.
    """

    file: str
    reason: str
    cause: Cause
    header: tuple[str, ...] = ()
    sha256: str = ""


class ReadingStopped(EvenbookError):
    """A file broke off in its middle: what was handed over of it must not be kept."""

    kind = "reading-stopped"
