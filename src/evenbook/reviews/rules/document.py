"""A review as a document: what becomes its slides and its PDF.

Pure. Rows of figures stand in the PDF and on the web page; a slide has the figures with how they are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from evenbook.documents.parts import (
    Bullets,
    Chart,
    Column,
    Document,
    Heading,
    Paragraph,
    Part,
    Phrase,
    Series,
    Table,
)
from evenbook.reviews.rules.deck import (
    NEWS,
    NEXT,
    OUTCOMES,
    PEOPLE,
    SHIPPED,
    UNUSED,
    USAGE,
    Deck,
    Figure,
    Slide,
)
from evenbook.reviews.rules.said import day_text

HEADS = {
    UNUSED: ("What", "What you would get out of it", "Part of"),
    NEWS: ("What", "What it does", "Since"),
    SHIPPED: ("What", "What it does", "Since"),
    PEOPLE: ("Who", "What they do", "On which side"),
}
"""Headings of the slides that list."""
MOST_ROWS = 60
"""Of a figure in the PDF; the page has more."""


def slides_document(deck: Deck, *, made_at: datetime, link: str = "") -> Document:
    """Return a review as its slides are written: one for each of its own, after the cover."""
    parts: list[Part] = []
    for slide in deck.slides:
        parts += [Heading(slide.title), Paragraph(slide.sentence), *_shown(slide, deck, link)]
    return _document(deck, parts, made_at)


def pdf_document(deck: Deck, *, made_at: datetime, link: str = "") -> Document:
    """Return a review as its PDF is written: each figure with its rows."""
    parts: list[Part] = [Paragraph(deck.headline)]
    for slide in deck.slides:
        parts += [Heading(slide.title), Paragraph(slide.sentence), *_shown(slide, deck, link)]
        for figure in slide.figures:
            parts += _rows(figure)
    return _document(deck, parts, made_at)


def _document(deck: Deck, parts: list[Part], made_at: datetime) -> Document:
    return Document(
        f"{deck.title}: {deck.account}",
        f"{deck.headline}\n{deck.greeting}",
        parts,
        footer=f"{deck.title} · {day_text(deck.since_on)} to {day_text(deck.as_of)}",
        made_at=made_at,
    )


def _shown(slide: Slide, deck: Deck, link: str) -> Iterator[Part]:
    if slide.plot is not None:
        series = [Series(name, values) for name, values in slide.plot.series]
        yield Chart("line", slide.plot.title, slide.plot.labels, series, "number", 0)
    if slide.kind == USAGE:
        yield Table(
            [Column("Figure"), Column("Now", "number")], [[each.title, each.said] for each in slide.figures]
        )
        yield Paragraph(" ".join(f"{each.title}: {each.means}" for each in slide.figures), is_quiet=True)
    elif slide.kind == OUTCOMES:
        columns = [Column("Count", "number"), Column("What"), Column("How it is counted")]
        yield Table(columns, [[each.said, each.title, each.means] for each in slide.figures])
    elif slide.kind == NEXT:
        yield Bullets([*_suggestions(slide), _hand(deck, link)])
    else:
        heads = [Column(name) for name in HEADS[slide.kind]]
        yield Table(heads, [[each.title, each.says, each.aside] for each in slide.lines])
        yield Paragraph(
            " ".join([*(each.means for each in slide.figures), slide.note]).strip(), is_quiet=True
        )


def _suggestions(slide: Slide) -> Iterator[Phrase]:
    for each in slide.lines:
        yield f"{each.says} {each.title}".strip()


def _hand(deck: Deck, link: str) -> str:
    where = f": {link}" if link else " on the page that the mail leads to, or answer the mail."
    return f"{deck.ask}{where}"


def _rows(figure: Figure) -> Iterator[Part]:
    if not figure.rows:
        return
    yield Table([Column(each) for each in figure.columns], [list(row) for row in figure.rows[:MOST_ROWS]],
                f"{figure.said} {figure.title}. {figure.means}")  # fmt: skip
    if figure.total > MOST_ROWS:
        yield Paragraph(f"The first {MOST_ROWS} of {figure.total}.", is_quiet=True)
