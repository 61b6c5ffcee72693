"""What can be decided of each kind of decision, and how one stands.

A decision is about one *spell*: the days through which its cause holds. A cause that is found again less
than a week after it was last found is of the same spell, so that a day that is run again, or a figure that
stands at its limit, neither asks a leader twice nor tells anybody twice.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

EARLY_WARNING = "early_warning"
OVER_CEILING = "over_ceiling"
SAME_SPELL = timedelta(days=7)
"""Weeks are judged one by one: after a week without it, a cause is a new one."""

NOTICED, WAITING, DECIDED, LAPSED = "noticed", "waiting", "decided", "lapsed"
STATES = {
    NOTICED: "Seen by the person alone",
    WAITING: "Waiting",
    DECIDED: "Decided",
    LAPSED: "Lapsed",
}
"""``noticed`` is not a leader's yet: the person it is about sees it first."""


@dataclass(frozen=True)
class Choice:
    """Something that can be decided; ``needs_note`` where a reason has to be said."""

    value: str
    title: str
    needs_note: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of decision: what it is called, what can be decided, which page shows its subject's evidence."""

    title: str
    choices: tuple[Choice, ...]
    opens: str

    def choice(self, value: str) -> Choice | None:
        """Return the choice of this value, None where there is none."""
        return next((each for each in self.choices if each.value == value), None)


KINDS = {
    EARLY_WARNING: Kind(
        "Early warning",
        (
            Choice("redistribute", "Redistribute"),
            Choice("hire", "Hire"),
            Choice("wait", "Wait, with a reason", needs_note=True),
        ),
        opens="closing",
    ),
    OVER_CEILING: Kind(
        "Over the ceiling",
        (
            Choice("redistribute", "Redistribute"),
            Choice("fewer_meetings", "Fewer or shorter meetings"),
            Choice("hire", "Hire"),
            Choice("wait", "Wait, with a reason", needs_note=True),
        ),
        opens="seven",
    ),
}


def state_of(*, waits_from_on: date | None, ended_on: date | None, choice: str) -> str:
    """Return how a decision stands."""
    if choice:
        return DECIDED
    if ended_on is not None:
        return LAPSED
    return NOTICED if waits_from_on is None else WAITING


def is_same_spell(ended_on: date | None, found_on: date) -> bool:
    """Return whether a cause found on a day goes on with a spell, which may have ended."""
    return ended_on is None or found_on - ended_on < SAME_SPELL
