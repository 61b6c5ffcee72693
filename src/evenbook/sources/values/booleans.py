"""Yes and no as people and tools write them."""

from __future__ import annotations

from evenbook.sources.values.blanks import is_nothing
from evenbook.sources.values.problem import Problem, quoted

YES = frozenset(
    {"true", "t", "yes", "y", "1", "1.0", "on", "x", "✓", "✔", "checked", "wahr", "ja", "oui", "sí"}
)
NO = frozenset({"false", "f", "no", "n", "0", "0.0", "off", "unchecked", "falsch", "nein", "non"})


def parse_boolean(value: object) -> bool | Problem | None:
    """Return yes or no; None for a blank cell, a problem for anything else (also the number 2)."""
    if isinstance(value, bool):
        return value
    if value is None or is_nothing(value):
        return None
    text = str(value).strip().casefold()
    if text in YES:
        return True
    return False if text in NO else Problem(f"{quoted(value)} is neither yes nor no")
