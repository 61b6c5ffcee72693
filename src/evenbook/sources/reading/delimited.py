"""Tables in plain text: which delimiter, which header, or why the file is none.

How their rows are read is decided in ``delimited_rows``.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from evenbook.sources.reading.delimited_rows import TextTable, read_batches, record_reader
from evenbook.sources.reading.encoding import TextSurvey, open_text, survey_text
from evenbook.sources.reading.layout import Layout, filled_cells, find_layout, not_data
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.sheets import Sheet, Unread

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}
SAMPLE_CHARACTERS = 2 * 1024 * 1024
SAMPLE_LINES = 1_000
CONSISTENT = 0.7


def read_delimited(origin: Origin, limits: Limits) -> Sheet | Unread:
    """Return the table of a text file, or why there is none."""
    survey = survey_text(origin)
    refusal = survey.refused_lines(limits)
    if refusal:
        return Unread(origin.name, refusal, "damaged", sha256=survey.sha256)
    csv.field_size_limit(limits.cell_characters)
    hint, lines = _sample(origin, survey)
    delimiter = hint or _delimiter(lines, _by_extension(origin))
    if delimiter is None:
        return Unread(origin.name, "it is plain text, not a table", "unknown_type", sha256=survey.sha256)
    sample = _records(lines, delimiter, limits.sample_rows)
    layout = find_layout(sample.cells)
    if layout is None:
        return _blank(origin, survey, len(lines))
    refused = _refused(origin, layout, sample.cells, limits)
    if refused is not None:
        return Unread(refused.file, refused.reason, refused.cause, refused.header, survey.sha256)
    skip = layout.header_at + 1
    skip_lines = sample.ends[skip - 1] if skip else 0
    table = TextTable(origin, survey, delimiter, hint is not None, skip, skip_lines, layout.header, limits)
    return _sheet(table, layout)


def _sheet(table: TextTable, layout: Layout) -> Sheet:
    survey, delimiter = table.survey, table.delimiter
    facts = {
        "encoding": survey.encoding_name,
        "delimiter": DELIMITERS.get(delimiter, delimiter),
        "header_row": str(layout.header_at + 1 + table.has_hint if layout.has_header else 0),
    }
    return Sheet(
        file=table.origin.name,
        kind="csv",
        header=layout.header,
        sha256=survey.sha256,
        stream=lambda size: read_batches(table, size),
        batch_rows=table.limits.batch_rows,
        has_header=layout.has_header,
        notes=[*survey.notes, *layout.notes],
        facts=facts,
    )


def _blank(origin: Origin, survey: TextSurvey, lines: int) -> Unread:
    """A file of nothing but blank lines, or one that starts with too many of them."""
    if lines < SAMPLE_LINES:
        return Unread(origin.name, "the file holds no text", "empty", sha256=survey.sha256)
    return Unread(origin.name, "its first rows are all blank", "damaged", sha256=survey.sha256)


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


@dataclass(slots=True)
class _Sample:
    """The first records, and after how many lines each of them ends."""

    cells: list[list[str]]
    ends: list[int]


def _records(lines: Sequence[str], delimiter: str, count: int) -> _Sample:
    """The first records. A line that the parser cannot take is one cell here."""
    sample, at = _Sample([], []), 0
    while at < len(lines) and len(sample.cells) < count:
        reader = record_reader(lines[at:], delimiter)
        try:
            for record in islice(reader, count - len(sample.cells)):
                sample.cells.append(record)
                sample.ends.append(at + reader.line_num)
            return sample
        except csv.Error:
            at = (sample.ends[-1] if sample.ends else 0) + 1
            sample.cells.append([lines[at - 1].strip()])
            sample.ends.append(at)
    return sample


def _delimiter(lines: Sequence[str], promised: bool) -> str | None:
    """The delimiter under which the most rows have the width of the header."""
    best: tuple[float, int, str] | None = None
    for delimiter in DELIMITERS:
        rows = [row for row in _records(lines, delimiter, 200).cells if filled_cells(row)]
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
