"""One table of an upload as a person checks it: its first rows, and what its columns are taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from evenbook.sources.profile import Profiler
from evenbook.sources.reading import Given, Limits, ReadingStopped, Sheet, Unread, open_paths, reason_of
from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.mapping import (
    CUSTOM,
    MEASURE,
    SKIP,
    FileMapping,
    MappingFault,
    layout_of,
    mapping_of,
)
from evenbook.sources.rules.recognition import Look, mapping_for, recognize
from evenbook.sources.values import text_of

LONGEST_CELL = 60
EXAMPLES = 3
WIDEST = 150
"""Columns that a form shows; the rest stay custom fields, or are named in a mapping file."""


@dataclass(frozen=True)
class Sample:
    """The beginning of one table."""

    look: Look
    layout: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    notes: tuple[str, ...]

    @property
    def headers(self) -> Sequence[str]:
        """Return its columns."""
        return self.look.headers


@dataclass(frozen=True)
class MappedColumn:
    """A column, some of its values, and the field that it is taken for."""

    position: int
    header: str
    examples: tuple[str, ...]
    target: str

    @property
    def name(self) -> str:
        """Return what its box is called."""
        return f"column-{self.position}"


def sample_of(given: Sequence[Given], file: str, limits: Limits, *, rows: int, shown: int) -> Sample | Unread:
    """Return the beginning of a table.

    Args:
        given: the files of the upload.
        file: the table's name, as a dry run calls it.
        limits: what is refused.
        rows: how many to look at for its mapping.
        shown: how many to show.
    """
    holders = [
        each for each in given if file == each.name or file.startswith((f"{each.name}/", f"{each.name}#"))
    ]
    for found in open_paths(holders, limits):
        if found.file == file:
            return found if isinstance(found, Unread) else _sampled(found, rows=rows, shown=shown)
    return Unread(file, "it is not among the files of this upload", "damaged")


def _sampled(sheet: Sheet, *, rows: int, shown: int) -> Sample | Unread:
    profiler = Profiler(sheet.header)
    first: list[tuple[int, tuple[str, ...]]] = []
    try:
        for batch in islice(sheet.batches(min(rows, 1000)), max(1, rows // 1000)):
            profiler.see(batch)
            numbered = zip(batch.numbers, batch.rows, strict=True)
            first += [
                (number, tuple(map(_cell, row))) for number, row in islice(numbered, shown - len(first))
            ]
    except ReadingStopped as error:
        return Unread(sheet.file, reason_of(error), "damaged")
    look = Look(sheet.file, sheet.header, sheet.object_type or "", profiler.result())
    return Sample(look, layout_of(sheet.header), tuple(first), tuple(sheet.notes))


def mapping_in_force(sample: Sample, kept: Mapping[str, object] | None, *, table: str) -> FileMapping:
    """Return what the columns are taken for: as a person said, else as proposed for ``table``."""
    if kept is not None:
        try:
            return mapping_of(kept, sample.headers, where=sample.look.file)
        except MappingFault:
            pass
    proposed = recognize(sample.look).mapping
    return mapping_for(table, sample.look) if table and table != proposed.table else proposed


def proposed_for(sample: Sample, table: str) -> FileMapping:
    """Return what the columns would be in a table that somebody chose."""
    if table == SKIP:
        return FileMapping(SKIP, "generic", "left out", dict.fromkeys(sample.headers, SKIP))
    return mapping_for(table, sample.look)


def columns_of(sample: Sample, targets: Mapping[str, str]) -> tuple[MappedColumn, ...]:
    """Return the columns as a form shows them."""
    return tuple(
        MappedColumn(place, header, _examples(sample, place), targets.get(header, CUSTOM))
        for place, header in enumerate(sample.headers[:WIDEST])
    )


def tables_to_choose() -> list[tuple[str, str]]:
    """Return the tables that a file can be, by name and label."""
    return sorted(((each.name, each.label) for each in all_tables().values()), key=lambda pair: pair[1])


def label_of(table: str) -> str:
    """Return what a table is called."""
    kind = all_tables().get(table)
    return kind.label if kind else "left out"


def fields_to_choose(table: str) -> list[tuple[str, str]]:
    """Return what a column of a table can be, by name and label."""
    kind = all_tables().get(table)
    names = dict.fromkeys(each.name for each in kind.fields) if kind else {}
    measure = [(MEASURE, "a measure of usage")] if kind and kind.rests == MEASURE else []
    rest = [(CUSTOM, "keep as a custom field"), *measure, (SKIP, "leave out")]
    return rest + [(name, _spoken(name)) for name in sorted(names)]


def _spoken(name: str) -> str:
    words = name.replace("_", " ")
    for old, new in ((" mail", " email"), ("mails", "emails")):
        words = words.replace(old, new)
    return "ARR" if words == "arr" else "MRR" if words == "mrr" else words


def _examples(sample: Sample, place: int) -> tuple[str, ...]:
    said = (row[place] for _, row in sample.rows)
    return tuple(islice(dict.fromkeys(each for each in said if each), EXAMPLES))


def _cell(value: object) -> str:
    text = text_of(value) or ""
    return text if len(text) <= LONGEST_CELL else f"{text[: LONGEST_CELL - 1]}…"
