"""How a document's values are said, the same in every file.

A *run* is a text and where it leads to (an empty address: nowhere). Text is freed here of what no
file may hold: control characters, halves of characters, and the marks that make a text read in
another order than it is stored.

Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite

from evenbook.documents.parts import Column, Document, Fact, Link, Phrase, Table, Value

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
BREAK = "\N{ZERO WIDTH SPACE}"
NOTHING = "There is nothing in this document."

NEW_LINES = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
NOT_TEXT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s\"<>\\^`{|}]+", re.IGNORECASE)
LONGEST_ADDRESS = 2_000
BREAKS_ANYWHERE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uff00-\uffef\U0001f000-\U0001faff"
)
"""Scripts without spaces, and pictures: what lays out text knows where to break them."""

Run = tuple[str, str]


def clean(text: str) -> str:
    """Return ``text`` with one kind of line end, blanks for tabs, and without what no file may hold."""
    return NOT_TEXT.sub("", NEW_LINES.sub("\n", text).replace("\t", " "))


def one_line(text: str) -> str:
    """Return ``text`` cleaned, on one line."""
    return " ".join(clean(text).split())


def shortened(text: str, longest: int) -> str:
    """Return ``text`` on one line, cut with an ellipsis past ``longest`` characters."""
    line = one_line(text)
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def address(url: str) -> str:
    """Return ``url`` if a link may lead there, else nothing: the web and mail, no blanks, not endless."""
    return url if len(url) <= LONGEST_ADDRESS and clean(url) == url and ADDRESS.fullmatch(url) else ""


def runs(phrase: Phrase) -> tuple[Run, ...]:
    """Return a phrase as runs; empty texts are left out."""
    pieces = phrase if isinstance(phrase, tuple) else (phrase,)
    said = (
        (clean(piece.text), address(piece.url)) if isinstance(piece, Link) else (clean(piece), "")
        for piece in pieces
    )
    return tuple(run for run in said if run[0])


def value_runs(value: Value, column: Column) -> tuple[Run, ...]:
    """Return a value as runs, said after the type of its column; a dash where nothing is said."""
    if isinstance(value, str | Link | tuple):
        return runs(value) or ((MISSING, ""),)
    return ((_said(value, column), ""),)


def fact_runs(fact: Fact) -> tuple[Run, ...]:
    """Return a fact's value as runs."""
    kind = fact.type or ("whole" if isinstance(fact.value, int) else "number")
    return value_runs(fact.value, Column(fact.name, kind, fact.decimals))


def plain(said: Sequence[Run]) -> str:
    """Return runs as one text."""
    return "".join(text for text, _ in said)


def day_text(day: date) -> str:
    """Return a day as 9 Mar 2026."""
    return f"{day.day} {day:%b} {day.year}"


def instant_text(instant: datetime) -> str:
    """Return an instant as 9 Mar 2026, 08:30 UTC, in its own zone."""
    return f"{day_text(instant)}, {instant:%H:%M} {instant.tzname() or ''}".rstrip()


def footer(document: Document) -> str:
    """Return what stands at the foot of each page: one line, short enough for it."""
    return shortened(document.footer or document.title, 90)


def with_breaks(text: str, longest: int) -> str:
    """Return ``text`` with places to break in words of more than ``longest`` characters.

    They are zero-width spaces. Where a script joins letters or builds them of several characters,
    none stands inside such a letter.
    """
    step = max(1, min(8, longest // 2))
    long = re.compile(rf"[^\s{BREAK}{BREAKS_ANYWHERE}]{{{longest + 1},}}")
    return long.sub(lambda found: _broken(found[0], step), text)


def shares(table: Table, line_characters: int) -> tuple[float, ...]:
    """Return how much of a line's width each column takes; they add up to 1.

    Columns of numbers and days get what their longest value needs, as far as there is room. Of the
    rest, short texts get what they need, and long ones share what is left.

    Args:
        table: the table.
        line_characters: how many characters fit on a line.
    """
    places = range(len(table.columns))
    needs = [_need(table, place) for place in places]
    fixed = [place for place in places if table.columns[place].type != "text"]
    texts = sorted((place for place in places if place not in fixed), key=lambda place: needs[place])
    kept = sum(needs[place] for place in fixed)
    most = line_characters * (1 if not texts else 0.75)
    wide = {place: needs[place] * min(1.0, most / kept) for place in fixed}
    left = line_characters - sum(wide.values())
    for done, place in enumerate(texts):
        wide[place] = min(needs[place], left / (len(texts) - done))
        left -= wide[place]
    return tuple(wide[place] / sum(wide.values()) for place in places)


def _need(table: Table, place: int) -> int:
    """Return how many characters a column wants: its longest value or word of its heading, at most 60."""
    column = table.columns[place]
    heading = max((len(word) for word in column.name.split()), default=1)
    longest = max((len(plain(value_runs(row[place], column))) for row in table.rows), default=1)
    return max(4, min(20, heading), min(60, longest)) + 2


def _broken(word: str, step: int) -> str:
    pieces, begins = [], 0
    for place in range(1, len(word)):
        if place - begins >= step and not _belongs(word[place - 1], word[place]):
            pieces.append(word[begins:place])
            begins = place
    return BREAK.join([*pieces, word[begins:]])


def _belongs(before: str, here: str) -> bool:
    joiner = "\N{ZERO WIDTH JOINER}"
    return joiner in (before, here) or unicodedata.category(here).startswith("M")


def _said(value: int | float | date | None, column: Column) -> str:
    if value is None or (isinstance(value, float) and not isfinite(value)):
        return MISSING
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return instant_text(value)
    return day_text(value) if isinstance(value, date) else _number(value, column)


def _number(value: int | float, column: Column) -> str:
    if column.type == "money":
        return _signed(f"{round(abs(value)) // 100:,}.{round(abs(value)) % 100:02d}", value)
    if column.type == "share":
        return _signed(f"{abs(value) * 100:,.{column.decimals}f}%", value)
    decimals = 0 if column.type == "whole" else column.decimals
    return _signed(f"{abs(value):,.{decimals}f}", value)


def _signed(text: str, value: int | float) -> str:
    is_nothing = not text.strip("0.,%")
    return f"{MINUS}{text}" if value < 0 and not is_nothing else text
