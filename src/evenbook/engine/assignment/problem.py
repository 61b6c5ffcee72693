"""Who takes what: the problem, what a plan costs, and where it breaks a limit.

Every item goes to one person of those it may go to (its *arcs*). An arc has a cost. Each item weighs on the
person in several *resources* (hours, revenue, count, …); a person's load of a resource costs the more the
further it is from its target, in three steps, and much more beyond its limit. Limits are priced, not
walls: there is always an answer, and what it breaks is named. The person after the last stands for nobody.

    minimize  the sum of the costs of the arcs taken
            + the sum over persons m and resources d of  evenness[m,d] x steps(|load / target - 1|)
                                                       + penalty[d] x max(0, load - limit[m,d])

This is the generalized assignment problem with convex loads: Martello and Toth, *Knapsack Problems*
(Wiley 1990), chapter 7.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Flags, Floats, Places, UnusableArrays

STEPS = ((0.05, 1.0), (0.15, 1.5), (0.30, 2.5))
"""From which distance to the target on a load costs, and by how much more for each further one."""

KEPT = -1
"""The place of an item that nobody has."""

TINY = 1e-9


class Arcs(NamedTuple):
    """Which item may go to whom, item by item: those of item i stand at ``start[i]:start[i + 1]``."""

    start: Places
    person: npt.NDArray[np.int32]
    cost: Floats
    weight: Floats
    """[items, resources], or [arcs, resources] where what an item weighs depends on who has it."""
    by_arc: bool
    counted: npt.NDArray[np.uint8]
    """1 where taking the arc is a move that counts."""


class Shape(NamedTuple):
    """What loads cost: [persons + 1, resources], the last row, nobody, all 0."""

    inverse: Floats
    """1 ÷ target, 0 where there is none."""
    even: Floats
    limit: Floats
    over: Floats


@dataclass(frozen=True)
class Problem:
    """Items, persons, what may be and what it costs.

    Attributes:
        arcs: each item has at least one; the last leads to nobody, save where somebody must keep the item.
        target: [persons, resources] the load each should have; 0 for none.
        even: [persons, resources] points for a load that is 100% off its target.
        limit: [persons, resources] the most; infinite for none.
        penalty: [resources] points for each unit beyond the limit.
        current: [items] the arc that stands now, ``KEPT`` where nobody has the item.
        most_moves: how many arcs that count may be taken; None for any number.
    """

    arcs: Arcs
    target: Floats
    even: Floats
    limit: Floats
    penalty: Floats
    current: Places
    most_moves: int | None = None

    @property
    def items(self) -> int:
        """How many items there are."""
        return len(self.arcs.start) - 1

    @property
    def persons(self) -> int:
        """How many persons there are, and which place stands for nobody."""
        return len(self.target)

    @property
    def free(self) -> Places:
        """The items with more than one arc."""
        return np.flatnonzero(np.diff(self.arcs.start) > 1)

    def shape(self, stress: float = 1.0) -> Shape:
        """Return what loads cost, with the penalties of limits taken ``stress`` times."""
        known = self.target > 0
        inverse = np.divide(1.0, self.target, out=np.zeros_like(self.target), where=known)
        over = np.broadcast_to(self.penalty * stress, self.limit.shape)
        over = np.where(np.isfinite(self.limit), over, 0.0)
        limit = np.where(np.isfinite(self.limit), self.limit, 0.0)
        return Shape(
            *(_with_nobody(each) for each in (inverse, np.where(known, self.even, 0.0), limit, over))
        )

    def weights(self, taken: Places) -> Floats:
        """Return [items, resources] what each item weighs under a plan."""
        return self.arcs.weight[taken] if self.arcs.by_arc else self.arcs.weight

    def loads(self, taken: Places) -> Floats:
        """Return [persons + 1, resources] the loads of a plan; the last row is what nobody has."""
        holder = self.arcs.person[taken]
        weight = self.weights(taken)
        columns = [np.bincount(holder, weight[:, d], self.persons + 1) for d in range(weight.shape[1])]
        return np.stack(columns, axis=1).astype(np.float64)

    def moves(self, taken: Places) -> int:
        """Return how many arcs of a plan are moves that count."""
        return int(self.arcs.counted[taken].sum())


@dataclass(frozen=True)
class Value:
    """What a plan costs, by what makes it up.

    Attributes:
        arcs: points of the arcs taken.
        uneven: [resources] points for loads off their targets.
        over: [persons, resources] units beyond the limits.
        penalties: [resources] points for those.
        unassigned: items that nobody has.
    """

    arcs: float
    uneven: Floats
    over: Floats
    penalties: Floats
    unassigned: Places

    @property
    def total(self) -> float:
        """All points together: the smaller the better."""
        return float(self.arcs + self.uneven.sum() + self.penalties.sum())

    @property
    def feasible(self) -> bool:
        """Whether somebody has each item and no limit is broken."""
        return not len(self.unassigned) and float(self.over.max(initial=0.0)) <= 1e-6


def steps(distance: Floats) -> Floats:
    """Return what a load costs that is so far from its target, as shares of it."""
    return sum((slope * np.maximum(0.0, distance - start) for start, slope in STEPS), np.zeros_like(distance))


def slopes(problem: Problem, loads: Floats) -> Floats:
    """Return [persons + 1, resources] what a unit more of each load costs."""
    shape = problem.shape()
    away = loads * shape.inverse - 1.0
    slope = sum((more * ((away > start) * 1.0 - (away < -start)) for start, more in STEPS), 0.0 * away)
    return np.asarray(shape.even * shape.inverse * slope + shape.over * (loads > shape.limit))


def value_of(problem: Problem, taken: Places) -> Value:
    """Return what a plan costs, counted from the beginning."""
    shape, loads = problem.shape(), problem.loads(taken)
    uneven = shape.even * steps(np.abs(loads * shape.inverse - 1.0))
    over = np.where(np.isfinite(problem.limit), np.maximum(0.0, loads[:-1] - problem.limit), 0.0)
    return Value(
        arcs=float(problem.arcs.cost[taken].sum()),
        uneven=np.asarray(uneven.sum(axis=0)),
        over=np.where(over > TINY * np.maximum(1.0, np.abs(shape.limit[:-1])), over, 0.0),
        penalties=np.asarray((over * shape.over[:-1]).sum(axis=0)),
        unassigned=np.flatnonzero(problem.arcs.person[taken] == problem.persons),
    )


def kept(problem: Problem) -> Places:
    """Return the plan that moves nothing: what stands, and the last arc for what nobody has."""
    return np.where(problem.current >= 0, problem.current, problem.arcs.start[1:] - 1)


def held(problem: Problem, stand: Places) -> Problem:
    """Return the problem in which only these arcs stand; they count from 0 again."""
    arcs = problem.arcs
    before = np.searchsorted(stand, arcs.start)
    place = np.full(len(arcs.person), KEPT)
    place[stand] = np.arange(len(stand))
    weight = arcs.weight[stand] if arcs.by_arc else arcs.weight
    narrow = Arcs(before, arcs.person[stand], arcs.cost[stand], weight, arcs.by_arc, arcs.counted[stand])
    current = np.where(problem.current >= 0, place[problem.current], KEPT)
    return replace(problem, arcs=narrow, current=current)


def narrowed(problem: Problem, taken: Places, free: Flags, persons: Places | None = None) -> Places:
    """Return the arcs that stand when all items but the free ones stay as a plan has them.

    Args:
        persons: whom the free ones may go to, beside whoever has them; None for all that they may.
    """
    wide = np.repeat(free, np.diff(problem.arcs.start))
    if persons is not None:
        chosen = np.zeros(problem.persons + 1, dtype=np.bool_)
        chosen[persons] = True
        wide &= chosen[problem.arcs.person]
    wide[taken] = True
    return np.flatnonzero(wide)


def check(problem: Problem) -> None:
    """Refuse a problem whose arrays do not fit together.

    Raises:
        UnusableArrays: an item without an arc, or that nobody has and whose last one leads to somebody, a
            person that does not exist, a number that is none or below 0 where it can't be, more moves forced
            than allowed.
    """
    _check_shapes(problem)
    _check_numbers(problem)
    arcs, last = problem.arcs, problem.arcs.start[1:] - 1
    if len(arcs.person) and not 0 <= int(arcs.person.min()) <= int(arcs.person.max()) <= problem.persons:
        raise UnusableArrays("An arc leads to a person that does not exist.", fix="Count persons from 0.")
    has = problem.current != KEPT
    if bool((arcs.person[last] != problem.persons)[~has].any()):
        raise UnusableArrays(
            "The last arc of an item that nobody has leads to somebody.", fix="Add an arc to nobody."
        )
    if bool(((problem.current < arcs.start[:-1]) | (problem.current > last))[has].any()):
        raise UnusableArrays("What stands for an item is not one of its arcs.", fix=f"Give {KEPT} for none.")
    forced = int(np.minimum.reduceat(arcs.counted, arcs.start[:-1]).sum()) if problem.items else 0
    if problem.most_moves is not None and forced > problem.most_moves:
        raise UnusableArrays(
            f"{forced} moves are forced, and {problem.most_moves} is allowed.",
            fix="Allow more moves, or do not count the forced ones.",
        )


def check_plan(problem: Problem, plan: Places) -> None:
    """Refuse a plan that is none of the problem's.

    Raises:
        UnusableArrays: it takes an arc that is not the item's, or makes more moves than are allowed.
    """
    start, said = problem.arcs.start, "The plan to start from"
    if plan.shape != (problem.items,) or bool(((plan < start[:-1]) | (plan >= start[1:])).any()):
        raise UnusableArrays(
            f"{said} takes arcs that its items do not have.", fix="Give an arc of each item."
        )
    if problem.most_moves is not None and problem.moves(plan) > problem.most_moves:
        raise UnusableArrays(
            f"{said} makes {problem.moves(plan)} moves, and {problem.most_moves} is allowed.",
            fix="Allow more moves, or start from none.",
        )


def _check_shapes(problem: Problem) -> None:
    arcs, shape = problem.arcs, problem.target.shape
    count, resources = len(arcs.person), problem.arcs.weight.shape[-1]
    rows = count if arcs.by_arc else problem.items
    fit = (
        arcs.cost.shape == arcs.counted.shape == (count,)
        and arcs.weight.shape == (rows, resources)
        and shape == problem.even.shape == problem.limit.shape == (problem.persons, resources)
        and problem.penalty.shape == (resources,)
        and problem.current.shape == (problem.items,)
        and int(arcs.start[0]) == 0
        and int(arcs.start[-1]) == count
    )
    if not fit:
        raise UnusableArrays(
            "The arrays of the problem do not fit together.",
            fix="Give each arc, item, person and resource one place in each array that is about it.",
        )
    if problem.items and int(np.diff(arcs.start).min()) < 1:
        raise UnusableArrays("An item has no arc, not even to nobody.", fix="Give each item its last arc.")


def _check_numbers(problem: Problem) -> None:
    named = {name: getattr(problem, name) for name in ("target", "even", "penalty", "limit")}
    named |= {"cost": problem.arcs.cost, "weight": problem.arcs.weight}
    for name, array in named.items():
        known = ~np.isnan(array) if name == "limit" else np.isfinite(array)
        if not bool(known.all()):
            raise UnusableArrays(f"{name} holds what is not a number.", fix="Give a number, or leave it out.")
        if name in {"target", "even", "penalty"} and bool((array < 0).any()):
            raise UnusableArrays(f"{name} holds a number below 0.", fix="Give 0 for none.")
    if problem.most_moves is not None and problem.most_moves < 0:
        raise UnusableArrays("The most moves there may be are below 0.", fix="Give 0 for none.")


def _with_nobody(array: Floats) -> Floats:
    return np.ascontiguousarray(np.vstack([array, np.zeros((1, array.shape[1]))]))
