"""A document as PDF: A4, numbered pages, marks for screen readers; a table repeats its headings.

Typst sets the pages, in a process of its own (``typesetting``): it keeps what it has worked out for
the next time, half a gigabyte for a long table, and a server must not. The template ``pdf.typ`` is
ours and fixed; the document reaches it as one JSON value, so no text is ever read as markup. The
fonts come with Typst; those of the machine stand in only for characters that none of them has
(Chinese, emoji), and where no font has one, a box is printed.

The same document gives the same bytes on the same machine.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evenbook.documents import wording
from evenbook.documents.drawing import as_svg, spoken
from evenbook.documents.parts import (
    Bullets,
    Chart,
    Document,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Part,
    Phrase,
    Table,
)
from evenbook.kit.errors import EvenbookError

Shape = dict[str, Any]

TYPESETTING = Path(__file__).with_name("typesetting.py")
LINE_CHARACTERS = 100
"""How many characters of a table's size fit between the margins."""
OF_CAPITALS = 0.7
"""How many wide letters fit where one mean character does: a word that could be too long may break."""
LONGEST_NAME = 200
"""Of the title as the file's own data hold it."""
LONGEST_WORD = 24
"""Of running text; a longer one may break anywhere."""
LONGEST_COLUMN_NAME = 80
"""Headings are repeated on each page and must leave room for rows."""
MOST_WHOLE_LINES = 24
"""Rows stay whole on a page, unless a cell of their table has more lines than this: it could fill one."""
MOST_TAGGED_CELLS = 10_000
"""The marks of a table's cells weigh twenty times its text; past this many the file goes without."""


class TooLongForPdf(EvenbookError):
    """A document whose pages could not be set within the time there is."""

    kind = "too-long-for-pdf"
    status = 413


def as_pdf(document: Document, *, within_seconds: float = 60) -> bytes:
    """Return the document as a PDF file.

    Raises:
        TooLongForPdf: its pages were not set after ``within_seconds``.
    """
    order = {
        "document": json.dumps(_shape(document), ensure_ascii=False),
        "made_at_s": int(document.made_at.timestamp()) if document.made_at else 0,
        "is_tagged": _cells(document) <= MOST_TAGGED_CELLS,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", str(TYPESETTING)],
            input=json.dumps(order).encode(),
            capture_output=True,
            check=False,
            timeout=within_seconds,
        )
    except subprocess.TimeoutExpired:
        raise TooLongForPdf(
            f"The pages of this document were not set within {within_seconds:g} seconds.",
            fix="Narrow it down, or take it as a Word file.",
        ) from None
    if done.returncode:
        raise RuntimeError(f"No PDF was made: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _cells(document: Document) -> int:
    return sum(len(part.columns) * len(part.rows) for part in document.parts if isinstance(part, Table))


def _shape(document: Document) -> Shape:
    """Return the document as the template takes it."""
    nothing = [Paragraph(wording.NOTHING, is_quiet=True)]
    return {
        "title": wording.shortened(document.title, LONGEST_NAME),
        "heading": _text(document.title),
        "under": _text(document.under),
        "footer": _text(wording.footer(document)),
        "is_dated": document.made_at is not None,
        "parts": [SHAPES[type(part)](part) for part in document.parts or nothing],
    }


def _heading(part: Heading) -> Shape:
    return {"kind": "heading", "level": part.level, "text": _text(part.text)}


def _paragraph(part: Paragraph) -> Shape:
    return {"kind": "quiet" if part.is_quiet else "paragraph", "runs": _phrase(part.words)}


def _bullets(part: Bullets) -> Shape:
    return {"kind": "bullets", "items": [_phrase(item) for item in part.items]}


def _facts(part: Facts) -> Shape:
    pairs = [[_text(fact.name), _runs(wording.fact_runs(fact), LONGEST_WORD)] for fact in part.pairs]
    return {"kind": "facts", "pairs": pairs}


def _table(part: Table) -> Shape:
    shares = wording.shares(part, LINE_CHARACTERS)
    fits = [
        max(4, int(share * LINE_CHARACTERS * (OF_CAPITALS if column.type == "text" else 1)))
        for share, column in zip(shares, part.columns, strict=True)
    ]
    rows = [
        [
            _runs(wording.value_runs(value, column), most)
            for value, column, most in zip(row, part.columns, fits, strict=True)
        ]
        for row in part.rows
    ]
    names = [wording.shortened(column.name, LONGEST_COLUMN_NAME) for column in part.columns]
    return {
        "kind": "table",
        "caption": _text(part.caption),
        "empty": _text(part.empty),
        "names": [wording.with_breaks(name, most) for name, most in zip(names, fits, strict=True)],
        "right": [column.is_right for column in part.columns],
        "shares": shares,
        "is_long": any(
            _lines(said, most) > MOST_WHOLE_LINES
            for row in rows
            for said, most in zip(row, fits, strict=True)
        ),
        "rows": [[_cell(said) for said in row] for row in rows],
    }


def _cell(said: list[wording.Run]) -> str | Shape:
    return {"runs": said} if any(url for _, url in said) else wording.plain(said)


def _lines(said: list[wording.Run], most: int) -> int:
    """Return how many lines of at most ``most`` characters a cell takes, about."""
    return sum(len(line) // most + 1 for line in wording.plain(said).split("\n"))


def _chart(part: Chart) -> Shape:
    return {"kind": "chart", "svg": as_svg(part), "said": wording.one_line(spoken(part))}


def _missing(part: Missing) -> Shape:
    return {"kind": "missing", "what": _text(part.what), "fix": _text(part.fix)}


def _page_break(part: PageBreak) -> Shape:
    return {"kind": "page_break"}


def _phrase(phrase: Phrase) -> list[wording.Run]:
    return _runs(wording.runs(phrase), LONGEST_WORD)


def _runs(said: Sequence[wording.Run], longest: int) -> list[wording.Run]:
    return [(wording.with_breaks(text, longest), url) for text, url in said]


def _text(text: str) -> str:
    return wording.with_breaks(wording.clean(text), LONGEST_WORD)


SHAPES: dict[type[Part], Callable[[Any], Shape]] = {
    Heading: _heading,
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Missing: _missing,
    PageBreak: _page_break,
}
