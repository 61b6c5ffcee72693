"""What one person more is worth, and what one less costs: all books placed anew with either, in points.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from evenbook.balance.rules.books import Holder
from evenbook.balance.rules.explained import VISIBLE, book_rows
from evenbook.balance.rules.hires import Hire, short_of
from evenbook.balance.rules.posed import FIT, Posed, fit_of
from evenbook.balance.rules.priced import points_of
from evenbook.balance.rules.teams import Teams
from evenbook.engine.assignment import kept
from evenbook.engine.given_arrays import Places

SHARE_OF_ONE = 0.3
"""Of the seconds asked for, what each team is looked at for."""


@dataclass(frozen=True)
class OneMore:
    """What one more gains, and what one less gains, which is mostly less than nothing, in points by term.

    Attributes:
        hire: whom one more would be; None where no role is given accounts.
        more, less: None where there is nobody to be added, or to be without.
        loads: the fullest book now, with one more and with one less, 1 is full; None where there is none.
    """

    hire: Hire | None
    more: Mapping[str, float] | None
    less: Mapping[str, float] | None
    loads: tuple[float | None, float | None, float | None]


@dataclass(frozen=True)
class _Placed:
    points: Mapping[str, float]
    fullest: float | None
    places: Places

    @property
    def total(self) -> float:
        return sum(self.points.values())


def worth_of_one(teams: Teams, order: Sequence[Holder]) -> OneMore:
    """Return what one more, and one less, is worth beside everybody who is there.

    Args:
        order: who is there, whom the rules need most first; the last is the one to be without.
    """
    if not teams.books.clients:
        return OneMore(None, None, None, (None, None, None))
    now = _placed(teams, teams.present)
    best: tuple[Hire, _Placed] | None = None
    for hire in _hires(teams):
        found = _placed(teams, teams.present, hire, start=now.places)
        if best is None or found.total < best[1].total - VISIBLE:
            best = hire, found
    fewer = [each for each in teams.present if each is not order[-1]] if order else []
    less = _placed(teams, fewer) if order else None
    return OneMore(
        hire=best[0] if best else None,
        more=_gains(now, best[1]) if best else None,
        less=_gains(now, less) if less else None,
        loads=(now.fullest, best[1].fullest if best else None, less.fullest if less else None),
    )


def _hires(teams: Teams) -> list[Hire]:
    """Return one hire of each role, with the language that lacks hours, else the first."""
    lacks = short_of(teams.books.clients, teams.present)
    first = max(lacks, key=lambda name: (lacks[name], name)) if lacks else ""
    return [each for each in teams.kinds if each.language == first]


def _placed(
    teams: Teams, people: Sequence[Holder], hire: Hire | None = None, start: Places | None = None
) -> _Placed:
    posed = teams.posed(people, [hire] if hire else [])
    books, known = posed.books, None if start is None else _carried(posed, start)
    plan = teams.effort.solved(posed, SHARE_OF_ONE, known).plan
    places = posed.person_of(plan)
    points = points_of(books, teams.numbers, places, limit=teams.limit, full=True)
    points["continuity"] += _left_behind(teams, people, places, posed)
    loads = [row.load for row in book_rows(books, places) if row.load is not None and row.accounts]
    return _Placed(points, max(loads, default=None), places)


def _left_behind(teams: Teams, people: Sequence[Holder], places: Places, posed: Posed) -> float:
    """Return what is lost with owners who are not in the team: their accounts change hands too."""
    there = {each.id for each in people}
    left = np.array(
        [each.owner is not None and each.owner not in there for each in teams.books.clients], dtype=np.bool_
    )
    pairs = np.arange(len(places)), places
    fit = fit_of(posed.books, teams.numbers, pairs, left, full=True)
    return float(fit[:, FIT.index("continuity")].sum())


def _carried(posed: Posed, places: Places) -> Places:
    """Return the same plan where somebody more is there, who comes after all others; nobody comes last."""
    found = kept(posed.problem)
    nobody = len(posed.books.holders)
    for row, place in enumerate(places.tolist()):
        arc = posed.arc(row, place if place < nobody - 1 else nobody)
        found[row] = found[row] if arc is None else arc
    return np.asarray(found)


def _gains(now: _Placed, then: _Placed) -> dict[str, float]:
    gains = {name: now.points[name] - then.points[name] for name in now.points}
    return {name: round(points, 6) for name, points in gains.items() if abs(points) >= VISIBLE}
