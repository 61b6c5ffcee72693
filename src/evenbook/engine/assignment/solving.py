"""From a problem to a plan, with a bound on how much better any other could be.

Prices first, which prove the bound; then annealing from where they lead, several times; then the exact
solver, for the whole where few items are free, else for a few persons at a time. How long each goes on is
settled beforehand from the seconds asked for and the size, in steps: the same problem, seconds and seed give
the same plan on any machine, however busy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from evenbook.engine.assignment.anneal import Stage, anneal, cheapest
from evenbook.engine.assignment.exact import Effort, among, exact, linear_prices
from evenbook.engine.assignment.prices import SHORT, Prices, best_prices, borne_out, proven, reduced_costs
from evenbook.engine.assignment.problem import Problem, Value, check, check_plan, kept, value_of
from evenbook.engine.given_arrays import Flags, Places

TURNS = (400, 3000)
"""The fewest and the most steps of prices."""

SWEEPS = (300, 12000)
"""The fewest and the most sweeps of one annealing."""

MOST_RUNS = 40
"""So often a small problem is annealed at most: the exact solver does the rest."""

FEW_ARCS, FEW_ITEMS = 1500, 100
"""Up to here the exact solver takes the whole, however little time there is."""

MORE_ARCS, ROOTS = 10_000, 3
"""Up to here it does where the seconds are so many times what it takes before it branches."""

ARC_COST, TRY_COST, LOAD_COST = 1.5e-9, 7.5e-8, 1.2e-8
"""Seconds for one resource of one arc in a step of prices, for one change tried, for each resource of it."""

CELL_COST = 1.5e-8
"""Seconds for an arc and a row of the linear program."""

ROOT_COST, LIGHT_COST, NODE_COST = (0.2, 7e-4), (0.02, 1e-4), (1e-3, 5e-6)
"""Seconds of the exact solver before it branches, the same when it is told to take it lightly, and for each
node: once, and for each arc."""

FEWEST_NODES, HARDER = 20, 2.5
"""The fewest nodes; how much more all of it takes where many items are free and weigh in several ways."""

FAR = 20_000
"""So many items more, and a change takes as long again: they are no longer at hand. Prices of more than these
are looked for twice, the second time from where the first led."""

PART_COST, PART_ARCS = (0.01, 3e-8), 1_000_000
"""Seconds of one part of three persons: once, and for each arc of all; beyond so many arcs there is none."""

PART = Effort(60, True)

HEAT, FADES, CLOSES = 0.08, 12, 5
"""The first temperature beside what is at stake; in how many stages loads are faded in, and brought home."""

AGAIN = 2

FEW_SWEEPS, HEATS = 3000, (1.0, 2.5, 18.0, 6.0)
"""Small problems with targets are annealed so briefly, again and again, by turns so many times as warm: where
hardly anything fits, what is in the way lies deep."""

SHARE_OF_PRICES, SHARE_OF_PARTS, SHARE_OF_LINEAR = 0.4, (0.1, 0.4), 0.15
"""Of the seconds; that of parts where loads have targets, and where there are only limits."""


@dataclass(frozen=True)
class Solution:
    """A plan and what is known of it.

    Attributes:
        plan: [items] the arcs taken.
        value: what it costs, by what makes it up.
        bound: no plan costs less.
        prices: what a unit of each load, and a move, are worth.
        stopped_early: the caller stopped it, or the exact solver ran out of its safety: another run may end
            elsewhere.
    """

    plan: Places
    value: Value
    bound: float
    prices: Prices
    stopped_early: bool = False

    @property
    def gap(self) -> float:
        """How far from the best the plan can be at most, as a share of the bound."""
        away = max(0.0, self.value.total - self.bound)
        return away / abs(self.bound) if abs(self.bound) > 1e-9 else away


@dataclass(frozen=True)
class Size:
    """What the time depends on: items, arcs and resources, those of free items alone, rows of the program."""

    items: int
    arcs: int
    resources: int
    free: int
    free_arcs: int
    rows: int

    @classmethod
    def of(cls, problem: Problem) -> Size:
        """Return the size of a problem."""
        width, resources = np.diff(problem.arcs.start), problem.arcs.weight.shape[1]
        free = width > 1
        rows = int(free.sum() + (np.count_nonzero(problem.even) + np.isfinite(problem.limit).sum()))
        arcs, wide = len(problem.arcs.person), int(width[free].sum())
        return cls(problem.items, arcs, resources, int(free.sum()), wide, rows)

    @property
    def is_small(self) -> bool:
        """Whether the exact solver takes the whole in any case."""
        return self.free <= FEW_ITEMS or self.free_arcs <= FEW_ARCS

    @property
    def share_of_whole(self) -> float:
        """The share of the time that the exact solver has for the whole."""
        return 0.75 if self.is_small else 0.5

    @property
    def per_turn(self) -> float:
        """Seconds for a step of prices."""
        return (self.items * SHORT + self.arcs / 5) * self.resources * ARC_COST + 4e-5

    @property
    def per_try(self) -> float:
        """Seconds for a change tried."""
        return (TRY_COST + LOAD_COST * self.resources) * (1 + self.items / FAR)

    def takes(self, cost: tuple[float, float]) -> float:
        """Return the seconds of what costs so much once, and so much for each free arc."""
        return cost[0] + cost[1] * self.free_arcs


@dataclass(frozen=True)
class Budget:
    """How long each part goes on, in steps.

    Attributes:
        turns: steps of prices; 0 where the linear program is solved instead.
        whole: how much the exact solver searches for the whole, None where it does not.
    """

    turns: int
    sweeps: int
    runs: int
    parts: int
    whole: Effort | None

    @classmethod
    def of(cls, problem: Problem, seconds: float) -> Budget:
        """Return the budget for a size and the seconds asked for."""
        seconds, size = max(seconds, 0.05), Size.of(problem)
        linear = size.free_arcs * size.rows * CELL_COST
        turns = 0
        if linear > SHARE_OF_LINEAR * seconds:
            turns = int(np.clip(SHARE_OF_PRICES * seconds / size.per_turn, *TURNS))
            linear = turns * size.per_turn
        left = max(seconds - linear, 0.1 * seconds)
        whole = _whole(size, left)
        left *= 1.0 if whole is None else 1.0 - size.share_of_whole
        parts, even = 0, bool(problem.even.any())
        if not size.is_small and size.arcs <= PART_ARCS:
            share = SHARE_OF_PARTS[0] if even else SHARE_OF_PARTS[1]
            parts = int(share * left / (PART_COST[0] + PART_COST[1] * size.arcs))
            left *= 1.0 - share
        tries = left / size.per_try / max(1, size.free)
        brief = size.is_small or not even
        sweeps = int(np.clip(tries, SWEEPS[0], FEW_SWEEPS if brief else SWEEPS[1]))
        runs = min(max(1, int(tries / sweeps)), MOST_RUNS if size.is_small else 1000)
        return cls(turns, sweeps, runs, parts, whole)


def _whole(size: Size, left: float) -> Effort | None:
    """Return how much the exact solver may search for the whole in its share of what is left."""
    wide = size.free > FEW_ITEMS
    harder = HARDER if wide and (size.resources > 1 or not size.is_small) else 1.0
    root = harder * size.takes(ROOT_COST)
    if not size.is_small and (size.free_arcs > MORE_ARCS or root * ROOTS > left):
        return None
    share = size.share_of_whole * left
    light = root > share
    if light and wide:
        return None
    nodes = (share - (size.takes(LIGHT_COST) if light else root)) / (harder * size.takes(NODE_COST))
    return Effort(max(FEWEST_NODES, int(nodes)), light, 20.0 * left + 20.0)


def solve(
    problem: Problem, *, seconds: float, seed: int, start: Places | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Solution:  # fmt: skip
    """Return the best plan found, never worse than what stands where that is allowed.

    Args:
        seconds: chooses the budget; the clock is not read.
        start: a plan that is known already; the answer is no worse.
        stop: asked between the parts; once it says yes, what was found so far is the answer.

    Raises:
        UnusableArrays: the arrays of the problem do not fit together, or ``start`` is no plan of it.
    """
    check(problem)
    if start is not None:
        check_plan(problem, start)
    budget = Budget.of(problem, seconds)
    prices = _prices(problem, budget)
    begin = cheapest(problem, prices)
    best = _better(problem, kept(problem), begin)
    best = best if start is None else _better(problem, best, start)
    stopped = False
    for step in _steps(problem, prices, budget, seed):
        stopped = stop()
        if stopped:
            break
        best = _better(problem, best, step(best))
    bound = prices.bound
    if budget.whole and not stopped:
        found = exact(problem, best, effort=budget.whole)
        best, bound, stopped = found.plan, max(bound, found.bound), found.stopped
    return Solution(best, value_of(problem, best), min(bound, value_of(problem, best).total), prices, stopped)


def _prices(problem: Problem, budget: Budget) -> Prices:
    if not budget.turns:
        return proven(problem, *linear_prices(problem))
    if problem.items <= FAR:
        return best_prices(problem, budget.turns)
    half = budget.turns // 2
    return best_prices(problem, budget.turns - half, begin=best_prices(problem, half))


def _steps(
    problem: Problem, prices: Prices, budget: Budget, seed: int
) -> Iterator[Callable[[Places], Places]]:
    """All that is tried, one after the other, each from the best so far or from where prices lead."""
    begin = cheapest(problem, prices)
    for run in range(budget.runs):
        stages = _stages(problem, prices, budget, run)
        yield partial(_annealed, (problem, prices, begin), stages, seed + run)
    chance = np.random.default_rng(seed)
    for _ in range(budget.parts):
        some = chance.choice(problem.persons, min(3, problem.persons), replace=False)
        yield partial(_polished, problem, some)


def _annealed(ground: tuple[Problem, Prices, Places], stages: list[Stage], seed: int, _: Places) -> Places:
    """Anneal; once the loads count in full, with prices and so with arcs that the loads bear out."""
    problem, prices, plan = ground
    plan = anneal(problem, prices, plan, stages=stages[:FADES], seed=seed)
    for turn, first in enumerate(range(FADES, len(stages), AGAIN)):
        near = borne_out(problem, prices, plan) if problem.even.any() else prices
        plan = anneal(problem, near, plan, stages=stages[first : first + AGAIN], seed=seed + turn)
    return plan


def _polished(problem: Problem, persons: Places, best: Places) -> Places:
    return among(problem, best, _held_by(problem, best, persons), persons=persons, effort=PART)


def _held_by(problem: Problem, plan: Places, persons: Places) -> Flags:
    """The items that these persons have and that may go elsewhere."""
    return np.isin(problem.arcs.person[plan], persons) & (np.diff(problem.arcs.start) > 1)


def _better(problem: Problem, one: Places, other: Places) -> Places:
    return other if value_of(problem, other).total < value_of(problem, one).total else one


def _stages(problem: Problem, prices: Prices, budget: Budget, run: int) -> list[Stage]:
    """Where the loads count nearly nothing at first, then all; then the limits count more and more."""
    spread = _spread(problem, prices)
    unit = _stress(problem, prices)
    first, last = (unit * (2.0 if run % 2 else 4.0), 32.0 * unit) if unit else (0.2, 1.0)
    fading, closing = max(1, int(0.6 * budget.sweeps) // FADES), max(1, int(0.4 * budget.sweeps) // CLOSES)
    if problem.even.any() and budget.sweeps <= FEW_SWEEPS and budget.runs > 1:
        spread *= HEATS[run % len(HEATS)]
    heats = [HEAT * spread * 0.87**turn for turn in range(FADES)]
    faded = [Stage(fading, heat, heat, min(1.0, 0.02 * 1.43**turn), first) for turn, heat in enumerate(heats)]
    closed = []
    for turn in range(CLOSES):
        heat = heats[-1] * 0.75**turn
        stress = first * (last / first) ** (turn / (CLOSES - 1))
        closed.append(Stage(closing, heat, 0.75 * heat, 1.0, stress))
    return faded + closed


def _spread(problem: Problem, prices: Prices) -> float:
    """What is at stake for an item: how far its third cheapest arc is from its cheapest, in the middle.

    Where loads have targets, it is a point: what targets cost is measured in points.
    """
    if problem.even.any():
        return 1.0
    costs = reduced_costs(problem.arcs, prices.load, prices.move)
    start = problem.arcs.start
    far = []
    for item in problem.free[:: max(1, len(problem.free) // 2000)]:
        cheapest_three = np.sort(costs[start[item] : start[item + 1]])[:3]
        far.append(cheapest_three[-1] - cheapest_three[0])
    return float(np.median(far)) if far else 0.0


def _stress(problem: Problem, prices: Prices) -> float:
    """How much of the penalties counts as much as the prices of what is limited; 0 where loads have targets.

    Penalties beside targets are of a size with them. Where there are only limits they are walls, and to walk
    along a wall one must be able to lean over it.
    """
    shape = problem.shape()
    limited = shape.over > 0
    if shape.even.any() or not limited.any():
        return 0.0
    return float((np.abs(prices.load[limited]) / shape.over[limited]).mean())
