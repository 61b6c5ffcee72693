"""Where in a grid of cells the table is: its header, what stands above it, what stands below it.

Looks only at the first rows. Title lines above the header and report lines below the last row are
not data and not faults: they are set aside. Several tables in one grid, and tables that describe
other tables, are no data.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from evenbook.sources.reading.encoding import column_name
from evenbook.sources.reading.sheets import Cause, Cell, Unread
from evenbook.sources.values import date_shape, decimal_evidence, is_blank, parse_email, text_of

REPORT_LINE = "belongs to the report, not to its rows"
TOTAL_LINE = "looks like a line of totals, not like a record"
FULL_ENOUGH = 0.6
TITLE_LINES = 15
MANY_ROWS = 5
DICTIONARY_FIELD = frozenset({"field", "field name", "column", "column name", "variable", "attribute"})
DICTIONARY_TEXT = frozenset({"description", "definition", "meaning", "explanation", "comment", "notes"})

_FOOTER = re.compile(
    r"(?:copyright|©|\(c\)|confidential|generated (?:by|on|at)|exported (?:by|on)|filtered by"
    r"|(?:data )?as of|report (?:generated|run|filters?|name)|source:|page \d+|end of report"
    r"|[\d,]+ (?:rows?|records?|results?)\b)",
    re.IGNORECASE,
)
_TOTAL = re.compile(
    r"(?:grand )?totals?:?(?: \([\d,]+ records?\))?$|sub-?totals?$|summe$|gesamt$", re.IGNORECASE
)


@dataclass(slots=True)
class Layout:
    """Where the header is (index into the sample) and what the columns are called."""

    header_at: int
    header: list[str]
    has_header: bool = True
    notes: list[str] = field(default_factory=list)


def find_layout(sample: Sequence[Sequence[Cell]]) -> Layout | None:
    """Return the layout of a grid from its first rows; None where every cell is blank."""
    filled = [at for at, row in enumerate(sample) if filled_cells(row)]
    if not filled:
        return None
    at = _header_row(sample, filled)
    names = [column_name(text_of(cell) or "") for cell in sample[at]]
    layout = Layout(at, names)
    titles = [_line(sample[above]) for above in filled if above < at]
    if titles:
        layout.notes.append(f"Lines above the header left out: {'; '.join(titles)}.")
    if _is_data(sample[at], [sample[row] for row in filled if row > at]):
        layout.has_header, layout.header_at = False, at - 1
        layout.header = [f"column {number}" for number in range(1, len(names) + 1)]
        layout.notes.append("There is no header line; the columns are only numbered.")
        return layout
    layout.header = unique_names(names, layout.notes)
    return layout


def not_data(file: str, layout: Layout, sample: Sequence[Sequence[Cell]]) -> Unread | None:
    """Return why a grid is no table of data, although it can be read; None where it is one."""
    names = {name.casefold() for name in layout.header}
    if names & DICTIONARY_FIELD and names & DICTIONARY_TEXT and len(names) <= 8:
        reason = f"it describes fields ({', '.join(layout.header[:4])}) and holds no records"
        return Unread(file, reason, "documentation", tuple(layout.header))
    blocks = _blocks(sample[layout.header_at]) if layout.has_header else []
    rows = [row for row in sample[layout.header_at + 1 :] if filled_cells(row)]
    if len(blocks) < 2 or not _stand_apart(blocks, rows):
        return None
    shown = "; ".join(f"{layout.header[first]} … {layout.header[last]}" for first, last in blocks)
    reason = f"it holds {len(blocks)} tables side by side ({shown}); save each as a file of its own"
    return Unread(file, reason, _gravity(blocks, rows), tuple(layout.header))


def filled_cells(row: Sequence[Cell]) -> int:
    """Return how many cells of a row are not blank."""
    return sum(1 for cell in row if cell is not None and (not isinstance(cell, str) or not is_blank(cell)))


def is_footer(row: Sequence[Cell]) -> bool:
    """Return whether the one filled cell of a row says that it belongs to the report, not to the data."""
    return filled_cells(row) == 1 and _FOOTER.match(_line(row)) is not None


def is_total(row: Sequence[Cell]) -> bool:
    """Return whether a row is a line of totals: it says so, and half of it is blank."""
    first = next((text_of(cell) for cell in row if not is_blank(cell)), None) or ""
    return _TOTAL.match(first) is not None and filled_cells(row) * 2 <= max(len(row), 2)


def footer_length(tail: Sequence[Sequence[Cell]], width: int) -> int:
    """Return how many of the last rows of a grid are lines of a report.

    They have one filled cell each. They start at the first line that reads like one, or, where
    rows are normally wider, after a blank line.
    """
    start = None
    for at in range(len(tail) - 1, -1, -1):
        row = tail[at]
        if filled_cells(row) > 1:
            break
        after_blank = at > 0 and not filled_cells(tail[at - 1]) and (len(row) < width or width > 2)
        if is_footer(row) or (filled_cells(row) and after_blank and width > 1):
            start = at
    return 0 if start is None else len(tail) - start


def _header_row(sample: Sequence[Sequence[Cell]], filled: list[int]) -> int:
    """The first row that is as full as the table is wide."""
    widths = Counter(len(sample[at]) for at in filled)
    width = max(widths, key=lambda w: (widths[w], w))
    fullest = max(filled_cells(sample[at]) for at in filled if len(sample[at]) == width)
    enough = max(2, FULL_ENOUGH * min(width, fullest)) if fullest > 1 else 1
    likely = [at for at in filled[:TITLE_LINES] if filled_cells(sample[at]) >= enough]
    first = likely[0] if likely else filled[0]
    if len(sample[first]) == width or not likely:
        return first
    better = (at for at in likely[1:] if len(sample[at]) == width and _reads_like_names(sample[at]))
    other = next(better, first)
    below = [sample[at] for at in filled if at > other]
    return other if any(not _reads_like_names(row) for row in below) else first


def _reads_like_names(row: Sequence[Cell]) -> bool:
    texts = [text_of(cell) for cell in row]
    named = [text for text in texts if text]
    return len(named) == len(row) == len(set(named)) and not any(_is_typed(cell) for cell in row)


def _is_typed(cell: Cell) -> bool:
    """Whether a cell is a number, a date or a mail address, as names of columns are not."""
    if not isinstance(cell, str):
        return cell is not None
    text = cell.strip()
    if not text:
        return False
    return decimal_evidence(text) is not None or date_shape(text) is not None or _is_mail(text)


def _is_mail(text: str) -> bool:
    return "@" in text and isinstance(parse_email(text), str)


def _is_data(row: Sequence[Cell], below: list[Sequence[Cell]]) -> bool:
    """Whether the first row is of the same kind as the rows below it."""
    typed = [at for at, cell in enumerate(row) if _is_typed(cell)]
    if not typed or _are_years([row[at] for at in typed]):
        return False
    alike = sum(1 for at in typed if _mostly_typed([other[at] for other in below if at < len(other)]))
    return alike * 2 > len(typed) or not below


def _are_years(cells: list[Cell]) -> bool:
    """Names of columns such as 2023, 2024 or 2024-01 are numbers or dates, too."""
    texts = [text_of(cell) or "" for cell in cells]
    if any(isinstance(cell, date) for cell in cells):
        return len(cells) > 1
    return len(set(texts)) == len(texts) and all(re.match(r"(19|20)\d\d(-\d\d)?$", text) for text in texts)


def _mostly_typed(cells: list[Cell]) -> bool:
    filled = [cell for cell in cells if not is_blank(cell)]
    return sum(map(_is_typed, filled)) * 2 > len(filled)


def _line(row: Sequence[Cell]) -> str:
    return " ".join(text for cell in row if (text := text_of(cell)))


def unique_names(names: Sequence[str], notes: list[str] | None = None) -> list[str]:
    """Return the names with each one different and none empty; what was changed is added to ``notes``."""
    notes = [] if notes is None else notes
    taken: set[str] = set()
    result: list[str] = []
    for number, name in enumerate(names, start=1):
        base = name or f"column {number}"
        unique, copy = base, 1
        while unique in taken:
            copy += 1
            unique = f"{base} ({copy})"
        if not name:
            notes.append(f'Column {number} has no name; it is called "{unique}".')
        elif copy > 1:
            notes.append(f'The name "{name}" stands twice in the header; the later column is "{unique}".')
        taken.add(unique)
        result.append(unique)
    return result


def _blocks(header: Sequence[Cell]) -> list[tuple[int, int]]:
    """Runs of named columns, first and last index, of at least two columns each."""
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for at, cell in enumerate([*header, None]):
        if not is_blank(cell):
            start = at if start is None else start
        elif start is not None:
            blocks.append((start, at - 1))
            start = None
    return blocks if all(last > first for first, last in blocks) else []


def _stand_apart(blocks: list[tuple[int, int]], rows: list[Sequence[Cell]]) -> bool:
    """Whether rows fill one block and not another, or values lie between the blocks."""
    if not rows:
        return True
    apart = sum(1 for row in rows if not all(filled_cells(row[first : last + 1]) for first, last in blocks))
    return apart * 5 > len(rows)


def _gravity(blocks: list[tuple[int, int]], rows: list[Sequence[Cell]]) -> Cause:
    """A sketch of tables is documentation; tables with rows are data that nobody could read."""
    first, last = max(blocks, key=lambda block: block[1] - block[0])
    full = sum(1 for row in rows if filled_cells(row[first : last + 1]) * 2 > last - first + 1)
    return "damaged" if full >= MANY_ROWS else "documentation"
