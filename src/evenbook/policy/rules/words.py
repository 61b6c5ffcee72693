"""Why a value cannot stand, in words that follow its path: ``must be at least 0, not -4``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenbook.policy.schema import FieldCard

BOUNDS = {
    "greater_than_equal": ("ge", "must be at least"),
    "less_than_equal": ("le", "must be at most"),
    "greater_than": ("gt", "must be above"),
    "less_than": ("lt", "must be below"),
}
SHAPES = {
    "missing": "is missing",
    "finite_number": "must be a finite number",
    "string_type": "must be text",
    "tuple_type": "must be a list",
    "list_type": "must be a list",
}
STARTS = (
    ("int", "must be a whole number"),
    ("float", "must be a number"),
    ("bool", "must be yes or no"),
    ("date", "must be a date such as 2026-03-09"),
)
LONGEST_SAID = 40


def words_of(error: Mapping[str, Any], card: FieldCard | None) -> str:
    """Return why the value cannot stand, with the value given.

    Args:
        error: one error as pydantic reports it.
        card: the card of the field, where the error is of one.
    """
    kind, context = error["type"], error.get("ctx", {})
    if kind in BOUNDS:
        key, words = BOUNDS[kind]
        return f"{words} {context[key]:g}{_given(error['input'])}"
    if kind in SHAPES:
        return SHAPES[kind]
    if kind == "value_error":
        return str(context["error"])
    if kind == "string_too_long":
        return f"has more than {context['max_length']} characters"
    if kind == "string_pattern_mismatch":
        return f"must be of the form '{card.unit if card else context['pattern']}'{_given(error['input'])}"
    return _by_start(kind, error, card)


def _by_start(kind: str, error: Mapping[str, Any], card: FieldCard | None) -> str:
    for start, words in STARTS:
        if kind.startswith(start):
            return f"{words}{_given(error['input'])}"
    if kind.startswith("model") and card:
        return f"must name its columns: {', '.join(column.name for column in card.columns)}"
    return f"cannot stand: {error['msg'].lower()}"


def _given(value: object) -> str:
    text = "" if value is None else str(value)
    if not text.strip():
        return ", but nothing was given"
    short = text if len(text) <= LONGEST_SAID else f"{text[:LONGEST_SAID]}…"
    return f", not {short}" if isinstance(value, int | float) else f", not '{short}'"
