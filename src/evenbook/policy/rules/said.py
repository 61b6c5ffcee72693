"""How values of the policy are said: on a line of a terminal, in a cell, in a box to type in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.policy.rules.difference import Change
from evenbook.policy.schema import FieldCard, Policy, Section, default_section

LARGEST_WHOLE = 1e15
PARTS = re.compile(r"(?P<section>\w+)\.(?P<field>\w+)(?:\[(?P<row>.*)\](?:\.(?P<column>\w+))?)?", re.DOTALL)


def said(value: object) -> str:
    """Return a plain value in words: ``0.12``, ``yes``, ``mon, tue``, ``none``."""
    if value is None or value in ("", [], ()):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {said(each)}" for name, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(said(each) for each in value)
    return typed(value)


def typed(value: object) -> str:
    """Return a plain value as a person would type it: a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_WHOLE:
        return str(int(value))
    return str(value)


def said_value(value: Any, card: FieldCard) -> str:
    """Return a value with its unit; a table by the number of its rows."""
    if card.kind == "rows":
        return f"{len(value)} {'row' if len(value) == 1 else 'rows'}"
    return said(value)


@dataclass(frozen=True)
class ChangeLine:
    """A change in words, for a page."""

    path: str
    label: str
    old: str
    new: str
    unit: str


def change_lines(changes: Iterable[Change], kinds: Iterable[type[Section]]) -> tuple[ChangeLine, ...]:
    """Return changes in words: the section, the field and its row by their titles."""
    by_name = {kind.name: kind for kind in kinds}
    return tuple(
        ChangeLine(
            path=change.path,
            label=_label(change.path, by_name),
            old=_side(change.old),
            new=_side(change.new),
            unit=change.unit,
        )
        for change in changes
    )


def _side(value: Any) -> str:
    return "no row" if value is None else said(value)


def _label(path: str, by_name: Mapping[str, type[Section]]) -> str:
    """Return a path by its titles; one that this release no longer knows as it is."""
    found = PARTS.fullmatch(path)
    kind = by_name.get(found["section"]) if found else None
    if found is None or kind is None or found["field"] not in kind.model_fields:
        return path
    card = kind.card(found["field"])
    columns = {column.name: column.title.lower() for column in card.columns}
    parts = [card.title, found["row"], columns.get(found["column"] or "")]
    return f"{kind.title}: {', '.join(part for part in parts if part)}"


def changed_from_default(policy: Policy) -> dict[str, bool]:
    """Return, by path, whether each value differs from the default of this release."""
    with_defaults = [(section, default_section(type(section))) for section in policy.sections]
    return {
        f"{section.name}.{card.name}": getattr(section, card.name) != getattr(default, card.name)
        for section, default in with_defaults
        for card in section.cards()
    }
