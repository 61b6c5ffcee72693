"""A document as HTML: a part of a page, or a page of its own that prints well on A4.

The page asks for nothing outside itself and runs nothing: its style stands in it and its own
content policy allows that style alone. All text is escaped.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import date
from hashlib import sha256
from html import escape
from importlib import resources
from typing import Any

from evenbook.documents import wording
from evenbook.documents.drawing import as_svg
from evenbook.documents.parts import (
    Bullets,
    Chart,
    Column,
    Document,
    Facts,
    Heading,
    Missing,
    PageBreak,
    Paragraph,
    Part,
    Phrase,
    Table,
    Value,
)

LOWEST_HEADING = 6
STYLE = (resources.files("evenbook.documents") / "page.css").read_text(encoding="utf-8")
STYLE_HASH = f"sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}"
"""What a content policy must name in ``style-src`` to show the page with its style."""

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{hash}'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{article}</body>
</html>
"""


def as_html(document: Document) -> str:
    """Return the document as a page of its own."""
    foot = (
        f'<p class="foot" dir="auto">{escape(wording.clean(document.footer))}</p>\n'
        if document.footer
        else ""
    )
    article = f'<article class="document">\n{_top(document)}{_body(document, first=2)}{foot}</article>\n'
    return PAGE.format(
        hash=STYLE_HASH,
        title=escape(wording.one_line(document.title)),
        style=STYLE,
        article=article,
    )


def as_html_part(document: Document, *, first_level: int = 2) -> str:
    """Return the document's parts without title, style or page, to stand inside another page.

    Args:
        document: the document.
        first_level: the level in HTML of the document's own level 1.
    """
    return f'<div class="document">\n{_body(document, first=first_level)}</div>\n'


def _top(document: Document) -> str:
    under = _text("p", document.under, ' class="under"') if document.under else ""
    return _text("h1", document.title) + under


def _body(document: Document, *, first: int) -> str:
    if not document.parts:
        return _text("p", wording.NOTHING, ' class="quiet"')
    return "".join(_part(part, first) for part in document.parts)


def _part(part: Part, first: int) -> str:
    if isinstance(part, Heading):
        return _text(f"h{min(part.level + first - 1, LOWEST_HEADING)}", part.text)
    return WRITERS[type(part)](part)


def _paragraph(part: Paragraph) -> str:
    return _text("p", part.words, ' class="quiet"' if part.is_quiet else "")


def _bullets(part: Bullets) -> str:
    items = "".join(_text("li", item) for item in part.items)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _facts(part: Facts) -> str:
    pairs = "".join(_text("dt", fact.name) + _said("dd", wording.fact_runs(fact)) for fact in part.pairs)
    return f"<dl>\n{pairs}</dl>\n" if pairs else ""


def _table(part: Table) -> str:
    caption = _text("caption", part.caption) if part.caption else ""
    heads = "".join(
        _text("th", column.name, f' scope="col"{_right(column)}').strip() for column in part.columns
    )
    rows = "".join(_row(row, part.columns) for row in part.rows)
    empty = (
        f'<tr><td colspan="{len(part.columns)}" dir="auto">{escape(wording.clean(part.empty))}</td></tr>\n'
    )
    return (
        f"<table>\n{caption}<thead>\n<tr>{heads}</tr>\n</thead>\n<tbody>\n{rows or empty}</tbody>\n</table>\n"
    )


def _row(row: Sequence[Value], columns: Sequence[Column]) -> str:
    cells = (_cell(value, column) for value, column in zip(row, columns, strict=True))
    return f"<tr>{''.join(cells)}</tr>\n"


def _cell(value: Value, column: Column) -> str:
    is_whole = isinstance(value, date | bool)
    kept = ' class="whole"' if is_whole else _right(column)
    return _said("td", wording.value_runs(value, column), kept).strip()


def _chart(part: Chart) -> str:
    return f'<div class="drawn">{as_svg(part)}</div>\n'


def _missing(part: Missing) -> str:
    said = escape(wording.clean(f"{part.what} {part.fix}".rstrip()))
    return f'<p class="missing" dir="auto"><strong>Missing:</strong> {said}</p>\n'


def _page_break(part: PageBreak) -> str:
    return '<hr class="page-break">\n'


def _right(column: Column) -> str:
    return ' class="right"' if column.is_right else ""


def _text(tag: str, words: Phrase, attributes: str = "") -> str:
    return _said(tag, wording.runs(words), attributes)


def _said(tag: str, said: Sequence[wording.Run], attributes: str = "") -> str:
    return f'<{tag} dir="auto"{attributes}>{"".join(_run(text, url) for text, url in said)}</{tag}>\n'


def _run(text: str, url: str) -> str:
    written = escape(text).replace("\n", "<br>")
    return f'<a href="{escape(url)}" rel="noopener noreferrer">{written}</a>' if url else written


WRITERS: dict[type, Callable[[Any], str]] = {
    Paragraph: _paragraph,
    Bullets: _bullets,
    Facts: _facts,
    Table: _table,
    Chart: _chart,
    Missing: _missing,
    PageBreak: _page_break,
}
