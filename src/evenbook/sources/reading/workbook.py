"""Excel workbooks (.xlsx, .xlsm), every sheet.

Cells come typed, formulas as the result that was stored with them; nothing is worked out here and
nothing is run. A workbook is a zip of XML: its parts are judged before they are unpacked, and one
that declares entities is refused. The library for workbooks is loaded with the first workbook.
"""

from __future__ import annotations

import warnings
import zipfile
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from itertools import islice
from typing import Any

from evenbook.sources.reading.archive import in_words, swells
from evenbook.sources.reading.layout import (
    REPORT_LINE,
    TOTAL_LINE,
    Layout,
    filled_cells,
    find_layout,
    footer_length,
    is_total,
    not_data,
)
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.sheets import Batch, Cell, ReadingStopped, RejectedRow, Sheet, Unread

HEAD_OF_PART = 4096
CHUNK = 256 * 1024
TAIL = 50
MOST_ROWS = 1_048_576
SHARED_TEXTS, SHARED_TEXTS_SHARE = "xl/sharedStrings.xml", 4

warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")

Numbered = tuple[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class _Table:
    """All that is needed to read the rows of one sheet again."""

    origin: Origin
    title: str
    header: list[str]
    first_row: int


def read_workbook(origin: Origin, limits: Limits) -> Iterator[Sheet | Unread]:
    """Return the tables of a workbook, a sheet each, or why there are none."""
    refused = _refused(origin, limits)
    if refused is not None:
        yield refused
        return
    digest = origin.sha256()
    with _opened(origin) as book:
        titles = [sheet.title for sheet in book.worksheets]
        for title in titles[: limits.sheets]:
            yield _read_sheet(origin, book[title], digest, limits)
    if len(titles) > limits.sheets:
        reason = f"it has {len(titles):,} sheets; only the first {limits.sheets:,} are read"
        yield Unread(origin.name, reason, "refused", sha256=digest)
    if not titles:
        yield Unread(origin.name, "the workbook has no sheet with cells", "empty", sha256=digest)


def _refused(origin: Origin, limits: Limits) -> Unread | None:
    """Judge the parts of a workbook before they are unpacked."""
    with origin.seekable() as stream, zipfile.ZipFile(stream) as packed:
        parts = packed.infolist()
        total = sum(part.file_size for part in parts)
        if total > limits.workbook_bytes:
            allowed = in_words(limits.workbook_bytes)
            reason = f"it would unfold to {in_words(total)}; at most {allowed} are read"
            return Unread(origin.name, reason, "refused")
        reasons = (_part_refused(packed, part, limits) for part in parts)
        reason = next((reason for reason in reasons if reason), "")
    return Unread(origin.name, reason, "refused") if reason else None


def _part_refused(packed: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> str | None:
    if swells(part, limits):
        return f"its part {part.filename} would unfold to {in_words(part.file_size)} from almost nothing"
    if part.filename == SHARED_TEXTS and part.file_size * SHARED_TEXTS_SHARE > limits.workbook_bytes:
        return f"its texts alone would unfold to {in_words(part.file_size)}"
    if not part.filename.endswith((".xml", ".rels")):
        return None
    with packed.open(part) as opened:
        declares = b"<!DOCTYPE" in opened.read(HEAD_OF_PART)
    return "its XML declares a document type" if declares else None


@contextmanager
def _opened(origin: Origin) -> Iterator[Any]:
    import openpyxl

    with origin.seekable() as stream:
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _read_sheet(origin: Origin, sheet: Any, digest: str, limits: Limits) -> Sheet | Unread:
    file = f"{origin.name}#{sheet.title}"
    sample = _squared([cells for _, cells in islice(_numbered(sheet), limits.sample_rows)])
    layout = find_layout(sample)
    if layout is None and len(sample) < limits.sample_rows:
        return Unread(file, "the sheet has no filled cell", "empty", sha256=digest)
    if layout is None:
        return Unread(file, "its first rows are all blank", "damaged", sha256=digest)
    unread = _unread(file, layout, sample, limits)
    if unread is not None:
        return Unread(unread.file, unread.reason, unread.cause, unread.header, digest)
    table = _Table(origin, sheet.title, layout.header, layout.header_at + 2)
    return Sheet(
        file=file,
        kind="xlsx",
        header=layout.header,
        sha256=digest,
        stream=lambda size: _batches(table, size),
        batch_rows=limits.batch_rows,
        has_header=layout.has_header,
        notes=[*layout.notes, *_marks(origin, sheet)],
        facts={"header_row": str(layout.header_at + 1 if layout.has_header else 0)},
    )


def _unread(file: str, layout: Layout, sample: list[list[Cell]], limits: Limits) -> Unread | None:
    header = tuple(layout.header)
    if len(header) > limits.columns:
        reason = f"it has {len(header):,} columns; at most {limits.columns:,} are read"
        return Unread(file, reason, "refused", header[:20])
    if layout.has_header and not any(map(filled_cells, sample[layout.header_at + 1 :])):
        return Unread(file, "it has a header and no rows", "empty", header)
    return not_data(file, layout, sample)


def _numbered(sheet: Any) -> Iterator[Numbered]:
    """The rows of a sheet with their numbers, without blank cells at their end."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > MOST_ROWS:
            raise ReadingStopped(
                f"The sheet {sheet.title} claims more than {MOST_ROWS:,} rows, more than Excel has.",
                fix="Save it again in Excel, or export it as CSV.",
            )
        yield number, _trimmed(row)


def _trimmed(row: Sequence[Any]) -> list[Cell]:
    cells = [str(cell) if isinstance(cell, time | timedelta) else cell for cell in row]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


def _squared(rows: list[list[Cell]]) -> list[list[Cell]]:
    width = max(map(len, rows), default=0)
    return [row + [None] * (width - len(row)) for row in rows]


def _marks(origin: Origin, sheet: Any) -> list[str]:
    """What the raw sheet shows and its cells do not: formulas, merged cells, that it is hidden."""
    notes = []
    if sheet.sheet_state != "visible":
        notes.append("The sheet is hidden in the workbook.")
    with origin.seekable() as stream, zipfile.ZipFile(stream) as packed:
        formulas, merged = _seen(packed, sheet._worksheet_path, (b"<f>", b"<f "), (b"<mergeCell ",))
    if formulas:
        notes.append("Formulas are read as the results stored with them.")
    if merged:
        notes.append("Some cells are merged; only the first cell of each holds its value.")
    return notes


def _seen(packed: zipfile.ZipFile, part: str, *marks: tuple[bytes, ...]) -> list[bool]:
    """Whether each set of marks occurs in a part."""
    seen, before = [False] * len(marks), b""
    with packed.open(part) as stream:
        while chunk := stream.read(CHUNK):
            window = before + chunk
            seen = [
                known or any(mark in window for mark in group)
                for known, group in zip(seen, marks, strict=True)
            ]
            before = chunk[-16:]
    return seen


def _batches(table: _Table, size: int) -> Iterator[Batch]:
    with _opened(table.origin) as book:
        rows = _numbered(book[table.title])
        held: deque[Numbered] = deque()
        batch = _Filling(table.header)
        for number, cells in rows:
            if number < table.first_row:
                continue
            held.append((number, cells))
            if len(held) > TAIL:
                batch.take(*held.popleft())
            if len(batch.numbers) + len(batch.rejected) >= size:
                yield batch.handed_over()
        batch.finish(held)
        yield batch.handed_over()


class _Filling:
    """A batch that is being filled."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self._empty()

    def _empty(self) -> None:
        self.numbers: list[int] = []
        self.rows: list[list[Cell]] = []
        self.rejected: list[RejectedRow] = []
        self.left_out: list[RejectedRow] = []

    def handed_over(self) -> Batch:
        batch = Batch(self.numbers, self.rows, self.rejected, self.left_out)
        self._empty()
        return batch

    def take(self, number: int, cells: list[Cell]) -> None:
        width = len(self.header)
        if not filled_cells(cells):
            return
        if len(cells) > width:
            from openpyxl.utils import get_column_letter

            letter = get_column_letter(len(cells))
            self._reject(number, cells, f"has a value in column {letter}, which has no name in the header")
            return
        self.numbers.append(number)
        self.rows.append(cells + [None] * (width - len(cells)))

    def finish(self, held: deque[Numbered]) -> None:
        """Take the last rows, apart from what belongs to a report."""
        width, rows = len(self.header), list(held)
        squared = [cells + [None] * (width - len(cells)) for _, cells in rows]
        end = len(rows) - footer_length(squared, width)
        filled = [at for at in range(end) if filled_cells(squared[at])]
        total = filled[-1] if filled and is_total(squared[filled[-1]]) else None
        for at, (number, cells) in enumerate(rows):
            if at == total:
                self._reject(number, cells, TOTAL_LINE)
            elif at < end:
                self.take(number, cells)
            elif filled_cells(cells):
                self.left_out.append(RejectedRow(number, REPORT_LINE, _texts(cells)))

    def _reject(self, number: int, cells: list[Cell], reason: str) -> None:
        self.rejected.append(RejectedRow(number, reason, _texts(cells)))


def _texts(cells: list[Cell]) -> tuple[str, ...]:
    return tuple("" if cell is None else str(cell) for cell in cells)
