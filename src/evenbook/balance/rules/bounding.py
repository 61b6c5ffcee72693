"""What each rule costs, and which of them can't all hold.

Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.answers import Binding
from evenbook.balance.rules.books import (
    CAPACITY,
    FORBID,
    LANGUAGE,
    MOVES,
    PIN,
    RED_YELLOW,
    ROLE,
    RULES,
    Asked,
    Books,
)
from evenbook.balance.rules.explained import VISIBLE
from evenbook.balance.rules.posed import FIT, RESOURCES, Posed, limits_alone, pose
from evenbook.engine.assignment import Solution, irreducible, kept, solve, value_of
from evenbook.engine.given_arrays import Places

SHARE_OF_RULES = 0.5
"""Of the seconds asked for, what is spent on what rules cost, or on which conflict."""


@dataclass(frozen=True)
class Effort:
    """How hard it is looked for: seconds choose steps, the seed the chances."""

    seconds: float
    seed: int
    stop: Callable[[], bool] = lambda: False

    def solved(self, posed: Posed, share: float, start: Places | None = None) -> Solution:
        """Return the best plan found in a share of the seconds."""
        return solve(posed.problem, seconds=share * self.seconds, seed=self.seed, start=start, stop=self.stop)


@dataclass(frozen=True)
class RulesAsked:
    """What each rule costs, or which of them conflict: the same question asked again without some."""

    books: Books
    asked: Asked
    numbers: BalanceNumbers
    limit: float
    effort: Effort

    def binding(self, posed: Posed, plan: Places) -> tuple[Binding, ...]:
        """Return the rules that hold a plan back, what most first."""
        rules, found = self._in_force(), []
        share = SHARE_OF_RULES / (len(rules) + 1)
        same = self.effort.solved(posed, share, plan).plan  # what looking longer gives, no rule cost
        before = _by_term(posed, same)
        for rule in rules:
            wider = self._without({rule})
            start = _carried(posed, same, wider)
            if start is None:
                continue
            best = self.effort.solved(wider, share, start)
            after = _by_term(wider, best.plan)
            gives = {name: points - after.get(name, 0.0) for name, points in before.items()}
            gives |= {name: -points for name, points in after.items() if name not in before}
            gives = {name: round(points, 6) for name, points in gives.items() if abs(points) >= VISIBLE}
            if sum(gives.values()) >= VISIBLE:
                found.append(Binding(rule, gives))
        return tuple(sorted(found, key=lambda each: (-sum(each.gives.values()), each.rule)))

    def conflict(self) -> tuple[str, ...]:
        """Return rules that can't all hold; without any one of them all others can."""
        rules = self._in_force()

        def can_hold(some: Sequence[str]) -> bool:
            posed = self._without(set(rules) - set(some))
            share = SHARE_OF_RULES / (len(rules) + 1)
            return self.effort.solved(replace(posed, problem=limits_alone(posed)), share).value.feasible

        return irreducible(rules, can_hold)

    def _in_force(self) -> tuple[str, ...]:
        held = {rule for each in self.books.clients for rule in each.holds}
        given = {CAPACITY, RED_YELLOW} | held
        given |= set() if self.books.speaks.all() else {LANGUAGE}
        given |= set() if self.books.serves.all() else {ROLE}
        given |= {PIN} if self.asked.pins else set()
        given |= {FORBID} if self.asked.forbidden else set()
        given |= {MOVES} if self.asked.most_moves is not None else set()
        return tuple(rule for rule in RULES if rule in given - self.asked.without)

    def _without(self, rules: set[str]) -> Posed:
        asked = replace(self.asked, without=self.asked.without | rules)
        return pose(self.books, asked, self.numbers, limit=self.limit)


def _by_term(posed: Posed, plan: Places) -> dict[str, float]:
    """Return what a whole plan costs by term."""
    value = value_of(posed.problem, plan)
    terms = dict(zip(FIT, posed.fit[plan].sum(axis=0).tolist(), strict=True))
    for d, name in enumerate(RESOURCES):
        terms[name] = terms.get(name, 0.0) + float(value.uneven[d])
    return terms


def _carried(posed: Posed, plan: Places, wider: Posed) -> Places | None:
    """Return the same plan where more is allowed; None where an arc of it is not there any more.

    What had to move and may stay now, stays, where only so many may move.
    """
    found = kept(wider.problem)
    may_stay = posed.forced & ~wider.forced & (wider.problem.current >= 0)
    for row, place in enumerate(posed.person_of(plan).tolist()):
        if may_stay[row] and wider.problem.most_moves is not None:
            continue
        arc = wider.arc(row, place)
        if arc is None:
            return None
        found[row] = arc
    return found
