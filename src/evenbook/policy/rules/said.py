"""How values of the policy are said: on a line of a terminal, in a cell, in a box to type in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evenbook.policy.schema import FieldCard, Policy

LARGEST_WHOLE = 1e15


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


def changed_from_default(policy: Policy) -> dict[str, bool]:
    """Return, by path, whether each value differs from the default of this release."""
    return {
        f"{section.name}.{card.name}": getattr(section, card.name) != getattr(type(section)(), card.name)
        for section in policy.sections
        for card in section.cards()
    }
