"""What the doctor looks at: a check, and what it found.

A check lives in the slice whose tables it knows; ``site`` runs them all. Its id is for ever: people
and their alarms name it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

NAMED = 3
"""How many names a sentence lists before it counts the rest."""


@dataclass(frozen=True)
class Finding:
    """Something that a person should look at: one sentence, and how to mend it."""

    what: str
    fix: str


@dataclass(frozen=True)
class Check:
    """One look at the instance.

    Args:
        id: the slice or the thing, a hyphen, what is asked of it.
        fine: the sentence to say when nothing is found.
        look: returns the finding, or None; takes the present instant.
    """

    id: str
    fine: str
    look: Callable[[datetime], Finding | None]


def listed(names: Sequence[str], total: int | None = None) -> str:
    """Return the first names, and how many more there are of ``total``."""
    shown = list(names[:NAMED])
    rest = (len(names) if total is None else total) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def counted(number: int, one: str, many: str) -> str:
    """Return a number with its noun and verb: ``counted(1, "account has", "accounts have")``."""
    return f"{number:,} {one if number == 1 else many}"
