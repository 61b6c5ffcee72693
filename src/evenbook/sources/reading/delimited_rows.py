"""The rows of a text table, fast where the file is clean and exact where it is not.

Rows are read in batches by the standard parser, and only counted there. A batch in which something
does not fit is read a second time, record by record, to say what is wrong with which row.

A quote that does not close would swallow the rows after it; such a line is rejected alone, and
reading goes on with the next line. A quote inside a quoted cell that was not doubled does no harm
where the line can still be read in one way only.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from io import TextIOWrapper
from itertools import islice
from typing import TYPE_CHECKING, cast

from evenbook.sources.reading.encoding import ODD, TextSurvey, odd_reason, open_text, printable
from evenbook.sources.reading.layout import REPORT_LINE, TOTAL_LINE, filled_cells, footer_length, is_total
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.sheets import Batch, Cell, ReadingStopped, RejectedRow

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

OPEN_QUOTES, OPEN_QUOTES_SHARE = 1_000, 0.1
KEPT_CHARACTERS = 64 * 1024
LONGEST_FOOTER = 50


@dataclass(frozen=True, slots=True)
class TextTable:
    """All that is needed to read the rows of one file again.

    Args:
        origin: the file.
        survey: its encoding.
        delimiter: one character.
        has_hint: whether the first line only names the delimiter.
        skip_records: records up to and with the header.
        skip_lines: the lines that these take.
        header: the columns.
        limits: longest cell.
    """

    origin: Origin
    survey: TextSurvey
    delimiter: str
    has_hint: bool
    skip_records: int
    skip_lines: int
    header: list[str]
    limits: Limits


def record_reader(lines: Iterable[str], delimiter: str) -> CsvReader:
    """Return the parser for all text tables. It raises on a quote that stands in a wrong place."""
    return csv.reader(iter(lines), delimiter=delimiter, strict=True)


def read_batches(table: TextTable, size: int) -> Iterator[Batch]:
    """Return the rows of a table, about ``size`` at a time.

    Raises:
        ReadingStopped: so many rows have broken quotes that the file must be written differently.
    """
    csv.field_size_limit(table.limits.cell_characters)  # a setting of the process: the same for all tables
    with open_text(table.origin, table.survey) as text:
        for _ in range(table.skip_lines + table.has_hint):
            text.readline()
        lines = _Lines(text)
        reader = record_reader(lines, table.delimiter)
        careful = _Careful(table, 1 + table.has_hint + table.skip_records)
        while True:
            lines.recent.clear()
            rows = _quick(reader, size, len(table.header))
            if not lines.recent:
                return
            is_over = lines.is_over()
            if rows is not None and not is_over and _fits(rows, lines.recent, table):
                yield Batch(range(careful.number, careful.number + len(rows)), cast(list[list[Cell]], rows))
                careful.number += len(rows)
                continue
            batch, rest = careful.read(list(lines.recent), rows, is_over=is_over)
            lines.push_back(rest)
            reader = record_reader(lines, table.delimiter)
            if batch.rows or batch.rejected or batch.left_out:
                yield batch


@dataclass(slots=True)
class _Lines:
    """The lines of a file, with a memory of those that the current batch was made of."""

    text: TextIOWrapper
    recent: list[str] = field(default_factory=list)
    pushed: deque[str] = field(default_factory=deque)

    def __iter__(self) -> Iterator[str]:
        remember, pushed, readline = self.recent.append, self.pushed, self.text.readline
        while line := pushed.popleft() if pushed else readline():
            remember(line)
            yield line

    def push_back(self, lines: Sequence[str]) -> None:
        """Give these lines again, before all others."""
        self.pushed.extendleft(reversed(lines))

    def is_over(self) -> bool:
        """Return whether there is no further line."""
        if not self.pushed and (line := self.text.readline()):
            self.pushed.append(line)
        return not self.pushed


def _quick(reader: CsvReader, size: int, width: int) -> list[list[str]] | None:
    """The next rows, together with all that may be the end of a report; None where one is broken."""
    try:
        rows = list(islice(reader, size))
        while rows and width > 1 and len(rows) < size + LONGEST_FOOTER and _may_be_footer(rows[-1]):
            more = next(reader, None)
            if more is None:
                break
            rows.append(more)
    except csv.Error:
        return None
    return rows


def _may_be_footer(row: list[str]) -> bool:
    return filled_cells(row) < 2 or is_total(row)


def _fits(rows: list[list[str]], lines: list[str], table: TextTable) -> bool:
    """Whether every row of a batch is plainly good."""
    width = len(table.header)
    if set(map(len, rows)) != {width} or [""] * width in rows:
        return False
    return not table.survey.odd or ODD.search("".join(lines)) is None


@dataclass(frozen=True, slots=True)
class _Read:
    """One record read on its own: its cells (None where it is broken), its lines, whether it was cut off."""

    cells: list[str] | None
    lines: int
    is_cut: bool


@dataclass(slots=True)
class _Entry:
    """One record of a batch, and why it is not taken."""

    number: int
    cells: list[str]
    reason: str | None


@dataclass(slots=True)
class _Careful:
    """Reads records one by one and says what is wrong with each that does not fit."""

    table: TextTable
    number: int
    open_quotes: int = 0

    def read(
        self, lines: list[str], rows: list[list[str]] | None, *, is_over: bool
    ) -> tuple[Batch, list[str]]:
        """Return the rows of these lines, and the lines of a record that goes on after them.

        Args:
            lines: the lines of a batch.
            rows: what the parser made of them; where each line is a row, that is right.
            is_over: whether no line follows.
        """
        entries: list[_Entry] = []
        one_each = rows is not None and len(rows) == len(lines)
        at = 0
        while at < len(lines):
            if rows is not None and one_each:
                record = _Read(rows[at], 1, is_cut=False)
            else:
                record = _one_record(lines, at, self.table.delimiter)
            if record.is_cut and not is_over:
                break
            cells, reason, used = self._judge(lines, at, record)
            entries.append(_Entry(self.number, cells, reason))
            self.number += 1
            at += used
        return self._sorted(entries, self._footer(entries) if is_over else 0), lines[at:]

    def _judge(self, lines: list[str], at: int, record: _Read) -> tuple[list[str], str | None, int]:
        """The cells of a record, why they are not taken, and how many lines are done with."""
        width = len(self.table.header)
        if record.cells is None or record.is_cut:
            return self._broken(lines[at])
        cells = record.cells
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) == width or not filled_cells(cells):
            return cells, self._odd(cells), record.lines
        if record.lines > 1 and self._are_rows(lines[at + 1 : at + record.lines]):
            return self._broken(lines[at])
        return cells, f"has {len(cells):,} cells where the header has {width:,}", record.lines

    def _broken(self, line: str) -> tuple[list[str], str | None, int]:
        """A line whose quotes do not match: taken where it can be read on its own, rejected otherwise."""
        text = line.rstrip("\r\n")
        limit = self.table.limits.cell_characters
        if len(text) > limit:
            return [text], f"has a cell of more than {limit:,} characters", 1
        cells = _lenient(text, self.table.delimiter)
        if cells is not None and len(cells) == len(self.table.header):
            return cells, self._odd(cells), 1
        self.open_quotes += 1
        if self.open_quotes > max(OPEN_QUOTES, OPEN_QUOTES_SHARE * self.number):
            raise ReadingStopped(
                f"{self.table.origin.name}: more than {OPEN_QUOTES:,} rows have a quote that does not close.",
                fix="Export the file again with quotes doubled inside cells, or as XLSX.",
            )
        return [text], "has a quote that is not closed, or not doubled inside a cell", 1

    def _are_rows(self, lines: list[str]) -> bool:
        """Whether each of these lines is a whole row of its own."""
        width = len(self.table.header)
        singles = (_one_record([line], 0, self.table.delimiter) for line in lines)
        return width > 1 and all(not one.is_cut and one.cells and len(one.cells) == width for one in singles)

    def _odd(self, cells: list[str]) -> str | None:
        if not self.table.survey.odd:
            return None
        return odd_reason("\n".join(cells), self.table.survey.encoding_name)

    def _footer(self, entries: list[_Entry]) -> int:
        """How many of the last entries belong to a report; marks a line of totals before them."""
        footer = footer_length([entry.cells for entry in entries], len(self.table.header))
        rows = (entry for entry in reversed(entries[: len(entries) - footer]) if filled_cells(entry.cells))
        last = next(rows, None)
        if last is not None and last.reason is None and is_total(last.cells):
            last.reason = TOTAL_LINE
        return footer

    def _sorted(self, entries: list[_Entry], footer: int) -> Batch:
        numbers: list[int] = []
        batch = Batch(numbers, [])
        end = len(entries) - footer
        for place, entry in enumerate(entries):
            if not filled_cells(entry.cells):
                continue
            if place >= end:
                batch.left_out.append(RejectedRow(entry.number, REPORT_LINE, _kept(entry.cells)))
            elif entry.reason is not None:
                column = self._odd_column(entry.cells)
                batch.rejected.append(RejectedRow(entry.number, entry.reason, _kept(entry.cells), column))
            else:
                numbers.append(entry.number)
                batch.rows.append([*entry.cells])
        return batch

    def _odd_column(self, cells: list[str]) -> str | None:
        if len(cells) != len(self.table.header):
            return None
        named = zip(self.table.header, cells, strict=True)
        return next((name for name, cell in named if ODD.search(cell)), None)


def _one_record(lines: list[str], at: int, delimiter: str) -> _Read:
    """Read the record that starts at a line. It is cut off where it wants more lines than there are."""
    used, is_cut = 0, False

    def feed() -> Iterator[str]:
        nonlocal used, is_cut
        for place in range(at, len(lines)):
            used += 1
            yield lines[place]
        is_cut = True

    try:
        return _Read(next(record_reader(feed(), delimiter), []), used, is_cut)
    except csv.Error:
        return _Read(None, 1, is_cut)


@lru_cache(maxsize=8)
def _lenient_cell(delimiter: str) -> re.Pattern[str]:
    mark = re.escape(delimiter)
    return re.compile(rf'(?:"((?:[^"]|"(?!{mark}|$))*)"|([^{mark}"][^{mark}]*|))({mark}|$)')


def _lenient(line: str, delimiter: str) -> list[str] | None:
    """Read one line in which a quote closes a cell only before a delimiter or at the end."""
    cells: list[str] = []
    at, more = 0, True
    while more:
        found = _lenient_cell(delimiter).match(line, at)
        if found is None:
            return None
        quoted, plain, mark = found.groups()
        cells.append(quoted.replace('""', '"') if quoted is not None else plain)
        at, more = found.end(), bool(mark)
    return cells


def _kept(cells: list[str]) -> tuple[str, ...]:
    """The cells of a rejected row, made safe to store, as far as they are not endless."""
    room, kept = KEPT_CHARACTERS, []
    for cell in cells:
        kept.append(printable(cell[:room]))
        room -= len(cell)
        if room <= 0:
            kept.append("…")
            break
    return tuple(kept)
