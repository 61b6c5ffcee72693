"""The plan that goes with a move: who does what with the customer, by when.

Pure: the policy's steps, names and days in; steps out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.tiers.numbers.moves import MovesNumbers


@dataclass(frozen=True)
class Planned:
    """One step: what is done by whom, and by when."""

    number: int
    says: str
    role: str
    owner: str
    due_on: date


@dataclass(frozen=True)
class Moving:
    """A move that is to take effect: names as people say them; ``owners`` gives a name by role."""

    account: str
    direction: str
    from_title: str
    to_title: str
    effective_on: date
    owners: Mapping[str, str]


def planned(moving: Moving, numbers: MovesNumbers, *, today: date) -> tuple[Planned, ...]:
    """Return the steps of policy for a move, none of them due before today."""
    names = {
        "{account}": moving.account,
        "{from}": moving.from_title,
        "{to}": moving.to_title,
        "{day}": f"{moving.effective_on.day} {moving.effective_on:%B %Y}",
    }
    rows = sorted(
        (row for row in numbers.plan if row.direction == moving.direction), key=lambda row: row.step
    )
    return tuple(
        Planned(
            number,
            _filled(row.says, names),
            row.owner,
            moving.owners.get(row.owner, ""),
            max(today, moving.effective_on + timedelta(days=row.days)),
        )
        for number, row in enumerate(rows, start=1)
    )


def _filled(text: str, names: Mapping[str, str]) -> str:
    parts, rest = [], text
    while rest:
        first = min((name for name in names if name in rest), key=rest.index, default=None)
        if first is None:
            parts.append(rest)
            break
        before, rest = rest.split(first, 1)
        parts += [before, names[first]]
    return "".join(parts)
