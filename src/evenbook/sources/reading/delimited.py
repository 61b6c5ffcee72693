"""Tables in plain text: CSV with any usual delimiter.

Rows are read in batches by the standard parser, and only counted there. A batch in which something
does not fit is read a second time, record by record, to say what is wrong with which row. That keeps
clean files fast and dirty ones exact.

A quote that never closes would swallow the rows after it; such a line is rejected alone, and
reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import TextIOWrapper
from itertools import islice

from evenbook.sources.reading.encoding import (
    ODD,
    TextSurvey,
    odd_reason,
    open_text,
    printable,
    survey_text,
)
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

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_CHARACTERS = 2 * 1024 * 1024
SAMPLE_LINES = 1_000
OPEN_QUOTES = 1_000
KEPT_CHARACTERS = 64 * 1024
CONSISTENT = 0.7


@dataclass(frozen=True, slots=True)
class _Table:
    """All that is needed to read the rows of one file again."""

    origin: Origin
    survey: TextSurvey
    delimiter: str
    skip: int
    header: list[str]
    limits: Limits


def read_delimited(origin: Origin, limits: Limits) -> Sheet | Unread:
    """Return the table of a text file, or why there is none."""
    survey = survey_text(origin, limits)
    if survey.refusal:
        return Unread(origin.name, survey.refusal, "damaged", sha256=survey.sha256)
    csv.field_size_limit(limits.cell_characters)
    hint, lines = _sample(origin, survey)
    delimiter = hint or _delimiter(lines, _by_extension(origin))
    if delimiter is None:
        return Unread(origin.name, "it is plain text, not a table", "unknown_type", sha256=survey.sha256)
    records = _records(lines, delimiter, limits.sample_rows)
    layout = find_layout(records)
    if layout is None:
        return Unread(origin.name, "the file holds no text", "empty", sha256=survey.sha256)
    refused = _refused(origin, layout, records, limits)
    if refused is not None:
        return Unread(refused.file, refused.reason, refused.cause, refused.header, survey.sha256)
    table = _Table(origin, survey, delimiter, layout.header_at + 1, layout.header, limits)
    return _sheet(table, layout, hint is not None)


def _sheet(table: _Table, layout: Layout, has_hint: bool) -> Sheet:
    survey, delimiter = table.survey, table.delimiter
    facts = {
        "encoding": survey.encoding_name,
        "delimiter": DELIMITERS.get(delimiter, delimiter),
        "header_row": str(layout.header_at + 1 + has_hint if layout.has_header else 0),
    }
    return Sheet(
        file=table.origin.name,
        kind="csv",
        header=layout.header,
        sha256=survey.sha256,
        stream=lambda size: _batches(table, size, 1 + has_hint),
        batch_rows=table.limits.batch_rows,
        has_header=layout.has_header,
        notes=[*survey.notes, *layout.notes],
        facts=facts,
    )


def _refused(origin: Origin, layout: Layout, records: list[list[str]], limits: Limits) -> Unread | None:
    header = tuple(layout.header)
    if len(header) > limits.columns:
        reason = f"it has {len(header):,} columns; at most {limits.columns:,} are read"
        return Unread(origin.name, reason, "refused", header[:20])
    described = not_data(origin.name, layout, records)
    if described is not None:
        return described
    if layout.has_header and len(records) <= layout.header_at + 1:
        return Unread(origin.name, "it has a header and no rows", "empty", header)
    return None


def _sample(origin: Origin, survey: TextSurvey) -> tuple[str | None, list[str]]:
    """The delimiter that the first line names ("sep=;"), and the first lines."""
    lines, room = [], SAMPLE_CHARACTERS
    with open_text(origin, survey) as text:
        for line in text:
            lines.append(line)
            room -= len(line)
            if room < 0 or len(lines) >= SAMPLE_LINES:
                break
    first = lines[0].strip().strip('"').lower() if lines else ""
    if first.startswith("sep=") and len(first) == 5:
        return lines[0].strip().strip('"')[4], lines[1:]
    return ("\t", lines[1:]) if first == "sep=" else (None, lines)


def _by_extension(origin: Origin) -> bool:
    """Whether the name promises a table, so that one column is a table, too."""
    return origin.extension in {"csv", "tsv", "tab", "psv"}


def _records(lines: Sequence[str], delimiter: str, count: int) -> list[list[str]]:
    """The first records; those before the first that the parser cannot take."""
    reader, records = csv.reader(iter(lines), delimiter=delimiter), []
    try:
        for record in islice(reader, count):
            records.append(record)
    except csv.Error:
        return records
    return records


def _delimiter(lines: Sequence[str], promised: bool) -> str | None:
    """The delimiter under which the most rows have the width of the header."""
    best: tuple[float, int, str] | None = None
    for delimiter in DELIMITERS:
        rows = [row for row in _records(lines, delimiter, 200) if filled_cells(row)]
        widths = Counter(map(len, rows))
        width = max(widths, key=lambda w: (widths[w], w), default=1)
        if width < 2:
            continue
        layout = find_layout(rows)
        agrees = layout is not None and layout.has_header and len(layout.header) == width
        share = widths[width] / len(rows)
        score = (share + agrees, width, delimiter)
        best = score if best is None or score[:2] > best[:2] else best
    if best is None:
        return "," if promised else None
    return best[2] if promised or best[0] >= CONSISTENT + 1 else None


@dataclass(slots=True)
class _Lines:
    """The lines of a file, with a memory of those that the current batch was made of."""

    text: TextIOWrapper
    recent: list[str] = field(default_factory=list)
    pushed: deque[str] = field(default_factory=deque)
    ended: bool = False

    def __iter__(self) -> Iterator[str]:
        recent, pushed, text = self.recent.append, self.pushed, self.text
        while True:
            while pushed:
                line = pushed.popleft()
                recent(line)
                yield line
            for line in text:
                recent(line)
                yield line
            self.ended = True
            return

    def push_back(self, lines: Sequence[str]) -> None:
        self.pushed.extendleft(reversed(lines))
        self.ended = False


def _batches(table: _Table, size: int, first_number: int) -> Iterator[Batch]:
    csv.field_size_limit(table.limits.cell_characters)
    with open_text(table.origin, table.survey) as text:
        for _ in range(first_number - 1):
            text.readline()
        lines = _Lines(text)
        reader = csv.reader(iter(lines), delimiter=table.delimiter)
        number = first_number + len(list(islice(reader, table.skip)))
        careful = _Careful(table, number)
        while True:
            lines.recent.clear()
            rows = _quick(reader, size)
            if not lines.recent:
                return
            if rows is not None and not lines.ended and _fits(rows, lines.recent, table):
                yield Batch(range(careful.number, careful.number + len(rows)), rows)
                careful.number += len(rows)
                continue
            batch, rest = careful.read(list(lines.recent), at_end=lines.ended)
            if rest or lines.ended:
                lines.push_back(rest)
                reader = csv.reader(iter(lines), delimiter=table.delimiter)
            if batch.rows or batch.rejected or batch.left_out:
                yield batch


def _quick(reader: Iterator[list[str]], size: int) -> list[list[Cell]] | None:
    try:
        return list(islice(reader, size))  # type: ignore[arg-type]
    except csv.Error:
        return None


def _fits(rows: list[list[Cell]], lines: list[str], table: _Table) -> bool:
    """Whether every row of a batch is plainly good."""
    width = len(table.header)
    if set(map(len, rows)) != {width} or [""] * width in rows:
        return False
    if width > 1 and filled_cells(rows[-1]) < 2:
        return False
    return not table.survey.odd or ODD.search("".join(lines)) is None


@dataclass(slots=True)
class _Read:
    """One record read on its own: its cells, how many lines it took, whether it was cut off."""

    cells: list[str] | None
    lines: int
    cut: bool


@dataclass(slots=True)
class _Entry:
    """One record of a batch: where its lines start, and why it is not taken."""

    number: int
    at: int
    cells: list[str]
    reason: str | None


@dataclass(slots=True)
class _Careful:
    """Reads records one by one and says what is wrong with each that does not fit."""

    table: _Table
    number: int
    open_quotes: int = 0

    def read(self, lines: list[str], *, at_end: bool) -> tuple[Batch, list[str]]:
        """Return the rows of these lines, and the lines that belong to a later batch."""
        entries: list[_Entry] = []
        at = 0
        while at < len(lines):
            record = _one_record(lines, at, self.table.delimiter)
            if record.cut and not at_end:
                break
            cells, reason, used = self._judge(lines, at, record)
            entries.append(_Entry(self.number, at, cells, reason))
            self.number += 1
            at += used
        if at_end:
            self._mark_total(entries)
            return self._sorted(
                entries, footer_length([e.cells for e in entries], len(self.table.header))
            ), []
        return self._hold_back(entries, lines, at)

    def _judge(self, lines: list[str], at: int, record: _Read) -> tuple[list[str], str | None, int]:
        width = len(self.table.header)
        if record.cells is None or record.cut:
            self._count_open_quote()
            reason = "a quote opens in this row and never closes, or a cell is longer than "
            return [lines[at].rstrip("\r\n")], f"{reason}{self.table.limits.cell_characters:,} characters", 1
        cells = record.cells
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) == width or not filled_cells(cells):
            return cells, self._odd(cells), record.lines
        if record.lines > 1 and self._are_rows(lines[at + 1 : at + record.lines]):
            self._count_open_quote()
            return [lines[at].rstrip("\r\n")], "a quote opens in this row and does not close in it", 1
        return cells, f"has {len(cells):,} cells where the header has {width:,}", record.lines

    def _mark_total(self, entries: list[_Entry]) -> None:
        """Take out a last line of sums, which would otherwise become a record."""
        last = next((entry for entry in reversed(entries) if filled_cells(entry.cells) > 1), None)
        if last is not None and last.reason is None and is_total(last.cells):
            last.reason = TOTAL_LINE

    def _count_open_quote(self) -> None:
        self.open_quotes += 1
        if self.open_quotes > OPEN_QUOTES:
            raise ReadingStopped(
                f"{self.table.origin.name}: more than {OPEN_QUOTES:,} rows open a quote that does not close.",
                fix="Export the file again with quotes doubled inside cells, or as XLSX.",
            )

    def _are_rows(self, lines: list[str]) -> bool:
        """Whether each of these lines is a whole row of its own."""
        width = len(self.table.header)
        singles = (_one_record([line], 0, self.table.delimiter) for line in lines)
        return width > 1 and all(not one.cut and one.cells and len(one.cells) == width for one in singles)

    def _odd(self, cells: list[str]) -> str | None:
        if not self.table.survey.odd:
            return None
        return odd_reason("\n".join(cells), self.table.survey.encoding_name)

    def _hold_back(self, entries: list[_Entry], lines: list[str], at: int) -> tuple[Batch, list[str]]:
        """Leave the last rows to the next batch while they may be the end of a report."""
        keep, least = len(entries), (len(entries) + 1) // 2 if self.table.header[1:] else len(entries)
        while keep > least and filled_cells(entries[keep - 1].cells) < 2:
            keep -= 1
        if keep < len(entries):
            self.number, at = entries[keep].number, entries[keep].at
        return self._sorted(entries[:keep], 0), lines[at:]

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
                batch.rejected.append(self._rejected(entry, entry.reason))
            else:
                numbers.append(entry.number)
                batch.rows.append([*entry.cells])
        return batch

    def _rejected(self, entry: _Entry, reason: str) -> RejectedRow:
        return RejectedRow(entry.number, reason, _kept(entry.cells), self._odd_column(entry.cells))

    def _odd_column(self, cells: list[str]) -> str | None:
        if len(cells) != len(self.table.header):
            return None
        return next(
            (name for name, cell in zip(self.table.header, cells, strict=True) if ODD.search(cell)), None
        )


def _one_record(lines: list[str], at: int, delimiter: str) -> _Read:
    """Read the record that starts at a line. It is cut off where it wants more lines than there are."""
    used, cut = 0, False

    def feed() -> Iterator[str]:
        nonlocal used, cut
        for place in range(at, len(lines)):
            used += 1
            yield lines[place]
        cut = True

    try:
        return _Read(next(csv.reader(feed(), delimiter=delimiter), []), used, cut)
    except csv.Error:
        return _Read(None, 1, cut=False)


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
