"""How many people are needed, on the page of the proposal that asked for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evenbook.balance.rules.headcount_told import role_name
from evenbook.screens.sentences import Part
from evenbook.screens.shown import MINUS, plural

LISTED = 20
"""So many accounts that nobody can own are named."""


@dataclass(frozen=True)
class OneRow:
    """What one more, or one less, is worth: points and in words; the fullest book then, in percent."""

    who: str
    points: float
    why: str
    fullest: float | None

    @property
    def shown(self) -> str:
        """The points with their sign."""
        return f"{'+' if self.points >= 0 else MINUS}{abs(self.points):.1f}"


def headline(contents: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the sentence of a proposal that asks how many; empty for any other."""
    return (contents["headcount"]["text"],) if "headcount" in contents else ()


def headcount_told(
    contents: Mapping[str, Any], words: Callable[[Mapping[str, float]], str]
) -> dict[str, Any] | None:
    """Return what the page says of how many are needed; None where nobody asked."""
    said = contents.get("headcount")
    if said is None:
        return None
    loads = said["highest_load_percent"]
    more = "" if said["one_more_is"] is None else f"One more, {_hire(said['one_more_is'])}"
    rows = [
        OneRow(who, sum(said[name].values()), words(said[name]), loads[name])
        for name, who in (("one_more", more), ("one_less", "One less, whoever is needed least"))
        if said[name] is not None
    ]
    lost = said["cannot_be_owned"]
    return {
        "roles": [{**row, "name": role_name(row["role"])} for row in said["roles"]],
        "hires": [_hire(each) for each in said["hires"]],
        "one": rows,
        "fullest": loads["now"],
        "lost": lost[:LISTED],
        "more": max(0, len(lost) - LISTED),
        "more_word": plural(len(lost) - LISTED, "account"),
    }


def _hire(hire: Mapping[str, Any]) -> str:
    speaks = f" who speaks {', '.join(hire['languages'])}" if hire["languages"] else ""
    return f"a {role_name(hire['role'])}{speaks} at {hire['hours']:g} hours a month"
