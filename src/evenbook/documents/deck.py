"""How the parts of a document fall into slides: which stand together, and where a long table goes on.

Pure. ``slides`` writes what is planned here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from evenbook.documents import wording
from evenbook.documents.parts import (
    Bullets,
    Chart,
    Column,
    Document,
    Fact,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Part,
    Phrase,
    Table,
)

LINES = 14
"""Of a table or of text that fit under a slide's sentence."""
LINE_CHARACTERS = 118
"""Of a table as wide as the slide; half as many beside a chart."""
NARROW = 4
"""So many columns fit beside a chart."""
MOST_CHARACTERS = 600
"""Of one cell or line: more would not fit on a slide; the page and the PDF have it whole."""

Item = TypeVar("Item")
Line = tuple[str, Phrase]
"""A style (text, bullet, head or missing) and what is said."""


@dataclass(frozen=True)
class Words:
    """Lines of text that stand together."""

    lines: tuple[Line, ...]


Block = Chart | Table | Words


@dataclass(frozen=True)
class Slide:
    """One slide: its title, its sentence, what stands under it (at most a chart beside a table), its foot."""

    title: str
    sentence: Phrase = ""
    blocks: tuple[Block, ...] = ()
    notes: tuple[Phrase, ...] = ()


@dataclass
class _Section:
    """What was gathered under a heading."""

    title: str
    sentence: Phrase = ""
    notes: list[Phrase] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


def planned(document: Document) -> tuple[Slide, ...]:
    """Return the slides of a document after its title slide."""
    found: list[Slide] = []
    for section in _sections(document):
        found += _slides(section)
    return tuple(found)


def _sections(document: Document) -> list[_Section]:
    title = wording.one_line(document.title)
    sections = [_Section(title)]
    for part in document.parts or (Paragraph(wording.NOTHING),):
        if isinstance(part, Heading) and part.level == 1:
            sections.append(_Section(wording.one_line(part.text)))
        elif isinstance(part, PageBreak):
            sections.append(_Section(sections[-1].title))
        else:
            _gather(sections[-1], part)
    return [each for each in sections if each.sentence or each.notes or each.blocks or each.title != title]


def _gather(section: _Section, part: Part) -> None:
    if isinstance(part, Paragraph) and part.is_quiet:
        section.notes.append(part.words)
    elif isinstance(part, Paragraph) and not section.sentence and not section.blocks:
        section.sentence = part.words
    elif isinstance(part, Chart | Table):
        section.blocks.append(part)
    elif isinstance(part, Facts):
        section.blocks += [_fact_table(part)] if part.pairs else []
    else:
        section.blocks += [Words((line,)) for line in _lines(part)]


def _lines(part: Part) -> Iterator[Line]:
    if isinstance(part, Paragraph):
        yield "text", part.words
    elif isinstance(part, Bullets):
        yield from (("bullet", item) for item in part.items)
    elif isinstance(part, Heading):
        yield "head", part.text
    elif isinstance(part, Missing):
        yield "missing", f"Missing: {part.what} {part.fix}".rstrip()


def _fact_table(part: Facts) -> Table:
    rows = [[fact.name, _fact(fact)] for fact in part.pairs]
    return Table([Column(""), Column("")], rows)


def _fact(fact: Fact) -> str:
    return wording.plain(wording.fact_runs(fact))


def _slides(section: _Section) -> Iterator[Slide]:
    """Yield the slides of a section: what stands together, a long table on several, the foot on each."""
    first = True
    for blocks in _together(section.blocks):
        for shown in _pages(blocks):
            yield Slide(
                section.title if first else f"{section.title} (continued)",
                section.sentence if first else "",
                shown,
                tuple(section.notes),
            )
            first = False
    if first:
        yield Slide(section.title, section.sentence, (), tuple(section.notes))


def _together(blocks: Sequence[Block]) -> Iterator[tuple[Block, ...]]:
    """Yield what shares a slide: lines of text, and a chart with the narrow table that follows it."""
    waiting: list[Block] = []
    for block in blocks:
        last = waiting[-1] if waiting else None
        both = isinstance(last, Words) and isinstance(block, Words)
        beside = (
            isinstance(last, Chart)
            and isinstance(block, Table)
            and len(waiting) == 1
            and len(block.columns) <= NARROW
        )
        if waiting and not both and not beside:
            yield tuple(waiting)
            waiting = []
        waiting.append(block)
    if waiting:
        yield tuple(waiting)


def _pages(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    if all(isinstance(block, Words) for block in blocks):
        lines = [line for block in blocks if isinstance(block, Words) for line in block.lines]
        yield from ((Words(tuple(each)),) for each in _filled(lines, [_height(line) for line in lines]))
        return
    table = blocks[-1]
    if not isinstance(table, Table):
        yield blocks
        return
    beside = blocks[:-1]
    for rows in _cut(table, LINE_CHARACTERS // 2 if beside else LINE_CHARACTERS):
        yield (*beside, replace(table, rows=rows))
        beside = ()


def _cut(table: Table, characters: int) -> list[list[Sequence[Any]]]:
    """Return the rows of a table by slide."""
    if not table.rows:
        return [[]]
    widths = [max(4, int(share * characters)) for share in wording.shares(table, characters)]
    heights = [
        max(
            len(wording.plain(wording.value_runs(value, column))[:MOST_CHARACTERS]) // width + 1
            for value, column, width in zip(row, table.columns, widths, strict=True)
        )
        for row in table.rows
    ]
    return _filled(list(table.rows), heights)


def _height(line: Line) -> int:
    return len(wording.plain(wording.runs(line[1]))[:MOST_CHARACTERS]) // 90 + 1


def _filled(items: Sequence[Item], heights: Sequence[int]) -> list[list[Item]]:
    """Return items in lots whose heights fit on a slide; one that is higher stands alone."""
    lots: list[list[Item]] = [[]]
    height = 0
    for item, tall in zip(items, heights, strict=True):
        if lots[-1] and height + tall > LINES:
            lots.append([])
            height = 0
        lots[-1].append(item)
        height += tall
    return lots
