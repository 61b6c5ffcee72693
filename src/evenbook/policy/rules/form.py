"""A section as questions to answer on a page, and back from what was typed.

What was typed is kept as text, wrong or not, so that a refused page shows it again. Names of
boxes: ``field``; in a table ``field-2-column``, with ``field-2-drop`` to take the row away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evenbook.policy.rules.document import row_name
from evenbook.policy.rules.said import said, typed
from evenbook.policy.schema import FieldCard, Section

IN_TABLE = re.compile(r"(?P<field>[a-z][a-z0-9_]*)-(?P<row>\d{1,4})-(?P<column>[a-z][a-z0-9_]*)")
DROP = "drop"
LONG_TEXT = 100
"""Characters from which a text gets a box of several lines."""

ASKED = "-asked"

Post = Mapping[str, Sequence[str]]
"""What a page sent: each name with the texts under it."""


@dataclass(frozen=True)
class Box:
    """One value to type in. ``chosen`` are the words of a list; a locked one may only be read."""

    name: str
    card: FieldCard
    text: str
    chosen: tuple[str, ...]
    problem: str
    is_locked: bool

    @property
    def said(self) -> str:
        """The value in words, for those who may only read."""
        options = dict(self.card.choices)
        if self.card.kind == "words":
            return said([options.get(word, word) for word in self.chosen])
        return options.get(self.text, self.text) or "none"

    @property
    def is_long(self) -> bool:
        """Whether the text may take more than a line."""
        return self.card.kind == "text" and self.card.longest >= LONG_TEXT

    @property
    def lines(self) -> str:
        """A list of words, one a line."""
        return "\n".join(self.chosen)


@dataclass(frozen=True)
class Line:
    """One row of a table to type in."""

    label: str
    boxes: tuple[Box, ...]
    drop_name: str


@dataclass(frozen=True)
class Question:
    """One field of a section: a box, or a table of them."""

    path: str
    card: FieldCard
    box: Box | None
    lines: tuple[Line, ...]
    problem: str
    is_own: bool

    @property
    def default(self) -> str:
        """The default in words; empty for a table, whose defaults are in its rows."""
        return "" if self.card.kind == "rows" else said_default(self.card)


def said_default(card: FieldCard) -> str:
    """Return a field's default in words."""
    options = dict(card.choices)
    if card.kind == "words":
        return said([options.get(word, word) for word in card.default])
    return options.get(str(card.default), "") or said(card.default)


def questions(
    kind: type[Section],
    values: Mapping[str, Any],
    problems: Mapping[str, str] | None = None,
    *,
    own: Iterable[str] = (),
) -> tuple[Question, ...]:
    """Return a section as questions.

    Args:
        kind: the section.
        values: its values by field, plain or as typed.
        problems: why a value cannot stand, by path.
        own: the paths of values that differ from their default.
    """
    said_problems, own_paths = problems or {}, set(own)
    return tuple(
        _question(
            f"{kind.name}.{card.name}", card, values.get(card.name), problems=said_problems, own=own_paths
        )
        for card in kind.cards()
    )


def given(kind: type[Section], post: Post) -> dict[str, Any]:
    """Return the values that a page sent for a section; fields that it did not ask are left out."""
    found: dict[str, Any] = {}
    for card in kind.cards():
        if card.kind == "rows":
            rows = _rows_given(card, post)
            if rows is not None:
                found[card.name] = rows
        elif card.kind == "words":
            if card.name in post or f"{card.name}{ASKED}" in post:
                found[card.name] = _words_given(post.get(card.name, ()))
        elif card.name in post:
            found[card.name] = _on_one_line(post[card.name][-1])
    return found


def with_blank_row(values: Mapping[str, Any], field: str, kind: type[Section]) -> dict[str, Any]:
    """Return ``values`` with one more row to fill in at the end of a table that takes rows."""
    card = kind.card(field) if field in kind.model_fields else None
    if card is None or card.kind != "rows" or card.fixed:
        return dict(values)
    blank = {column.name: "" if column.default is None else typed(column.default) for column in card.columns}
    return {**values, field: [*values.get(field, []), blank]}


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _words_given(texts: Sequence[str]) -> list[str]:
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _rows_given(card: FieldCard, post: Post) -> list[dict[str, str]] | None:
    """Return the rows sent for a table, or None where the page did not ask for it."""
    rows: dict[int, dict[str, str]] = {}
    for name, texts in post.items():
        found = IN_TABLE.fullmatch(name)
        if found and found["field"] == card.name:
            rows.setdefault(int(found["row"]), {})[found["column"]] = _on_one_line(texts[-1])
    if not rows and f"{card.name}{ASKED}" not in post:
        return None
    kept = [row for _, row in sorted(rows.items()) if DROP not in row]
    return [row for row in kept if not _is_blank(row, card)]


def _is_blank(row: Mapping[str, str], card: FieldCard) -> bool:
    """Whether nothing was typed into a row; what stands in a list to choose from does not count."""
    boxes = [column.name for column in card.columns if column.kind not in {"choice", "flag"}]
    return not any(row.get(name) for name in boxes)


def _question(
    path: str, card: FieldCard, value: Any, *, problems: Mapping[str, str], own: set[str]
) -> Question:
    is_own, problem = path in own, problems.get(path, "")
    if card.kind != "rows":
        return Question(path, card, _box(card.name, card, value, problem), (), problem, is_own)
    rows = list(value or [])
    lines = tuple(_line(path, card, rows, at=at, problems=problems) for at in range(len(rows)))
    return Question(path, card, None, lines, problem, is_own)


def _line(path: str, card: FieldCard, rows: list[Any], *, at: int, problems: Mapping[str, str]) -> Line:
    label = row_name(rows, at, card)
    locked = _locked_columns(card, label)
    boxes = tuple(
        _box(
            f"{card.name}-{at}-{column.name}",
            column,
            rows[at].get(column.name),
            problems.get(f"{path}[{label}].{column.name}", ""),
            is_locked=column.name in locked,
        )
        for column in card.columns
    )
    return Line(label, boxes, "" if card.fixed else f"{card.name}-{at}-{DROP}")


def _locked_columns(card: FieldCard, label: str) -> set[str]:
    """Return the columns of a fixed row that stay: its key, and what makes no sense for it."""
    if not card.fixed:
        return set()
    default = next((row for row in card.default if row.key_text() == label), None)
    senseless = [
        column.name
        for column in card.columns
        if column.optional and getattr(default, column.name, None) is None
    ]
    return {*card.row_key, *senseless}


def _box(name: str, card: FieldCard, value: Any, problem: str, *, is_locked: bool = False) -> Box:
    chosen = tuple(value or ()) if card.kind == "words" else ()
    text = "" if card.kind == "words" else typed(value)
    return Box(name=name, card=card, text=text, chosen=chosen, problem=problem, is_locked=is_locked)
