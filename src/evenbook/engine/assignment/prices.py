"""What a unit of somebody's load is worth, and from it how good a plan can be at most.

Without the loads every item would take its cheapest arc. So each person's load of each resource gets a
price, raised where too much is taken, lowered where too little is: with *any* prices the cheapest arcs and
the cheapest loads together cost no more than the best plan, which makes the sum a proven bound. The prices
that make it the highest are looked for step by step (Adam); they reach what the linear program reaches.

Sources:
    Fisher, Management Science 27 (1981), 1-18 (Lagrangian bounds for integer programs);
    Kingma and Ba, "Adam", ICLR 2015 (the steps).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenbook.engine.assignment.compiled import compiled
from evenbook.engine.assignment.problem import STEPS, Arcs, Problem, Shape, slopes, steps
from evenbook.engine.given_arrays import Floats, Places

FULL_FIRST, FULL_EVERY = 40, 15
"""All arcs are priced in the first steps and in every so manieth: between, the few cheapest of each item."""

SHORT = 10

FIRST_STEP, NEXT_STEP, LAST_STEP = 0.5, 0.06, 0.004
"""How far a price moves at first, from prices that are nearly right, and at the end beside either."""


SURE, FASTER, SLOWER, FASTEST = 0.2, 1.05, 0.7, 100.0
"""From which share of its usual size on a mean slope says that the price is still far, and what the steps
of such a price, and of one that is not, are multiplied by: where limits can't be held, prices must reach what
exceeding them costs, and that is far."""

NEAR = 0.02
"""The share of a target within which a load is as good as on it."""

WARM, LOST = 0.15, 0.1
"""The share of steps before which no price goes faster; how much worse than the best a bound may get before
it is gone back to."""


class Prices(NamedTuple):
    """The prices found and what they prove.

    Attributes:
        load: [persons + 1, resources] points for a unit of load.
        move: points for one move that counts; 0 where their number binds nothing.
        bound: no plan costs less.
    """

    load: Floats
    move: float
    bound: float


@compiled
def _reduced(arcs: Arcs, at: tuple[int, int], load: Floats, move: float) -> float:
    arc, item = at
    person = arcs.person[arc]
    row = arc if arcs.by_arc else item
    cost = arcs.cost[arc] + move * arcs.counted[arc]
    for d in range(load.shape[1]):
        cost += load[person, d] * arcs.weight[row, d]
    return float(cost)


@compiled
def reduced_costs(arcs: Arcs, load: Floats, move: float) -> Floats:
    """Return [arcs] what each arc costs with the prices of the load it makes."""
    costs = np.empty(len(arcs.person))
    for item in range(len(arcs.start) - 1):
        for arc in range(arcs.start[item], arcs.start[item + 1]):
            costs[arc] = _reduced(arcs, (arc, item), load, move)
    return costs


@compiled
def _take(arcs: Arcs, item: int, arc: int, loads: Floats) -> int:
    row = arc if arcs.by_arc else item
    for d in range(loads.shape[1]):
        loads[arcs.person[arc], d] += arcs.weight[row, d]
    return int(arcs.counted[arc])


@compiled
def _priced(arcs: Arcs, load: Floats, move: float, loads: Floats) -> tuple[float, int]:
    """Let every item take its cheapest arc: what they cost, how many are moves; the loads are added up."""
    total, moves = 0.0, 0
    for item in range(len(arcs.start) - 1):
        best, chosen = np.inf, -1
        for arc in range(arcs.start[item], arcs.start[item + 1]):
            cost = _reduced(arcs, (arc, item), load, move)
            if cost < best:
                best, chosen = cost, arc
        total += best
        moves += _take(arcs, item, chosen, loads)
    return total, moves


@compiled
def shortlist_of(arcs: Arcs, costs: Floats, current: Places, short: int) -> tuple[Places, Places]:
    """Return start and arcs of the few cheapest of each item, cheapest first, the one that stands added."""
    items = len(arcs.start) - 1
    start = np.zeros(items + 1, dtype=np.int64)
    listed = np.empty(min(len(costs), items * (short + 1)), dtype=np.int64)
    for item in range(items):
        first, filled = start[item], 0
        for arc in range(arcs.start[item], arcs.start[item + 1]):
            place = filled if filled < short else short
            while place > 0 and costs[listed[first + place - 1]] > costs[arc]:
                place -= 1
            if place == short:
                continue
            filled = min(filled + 1, short)
            for behind in range(filled - 1, place, -1):
                listed[first + behind] = listed[first + behind - 1]
            listed[first + place] = arc
        if current[item] >= 0 and not np.any(listed[first : first + filled] == current[item]):
            listed[first + filled] = current[item]
            filled += 1
        start[item + 1] = first + filled
    return start, listed[: start[items]]


def listed_arcs(arcs: Arcs, start: Places, listed: Places) -> Arcs:
    """Return the arcs of a shortlist side by side: to jump about among all takes longer than to price."""
    weight = arcs.weight[listed] if arcs.by_arc else arcs.weight
    return Arcs(start, arcs.person[listed], arcs.cost[listed], weight, arcs.by_arc, arcs.counted[listed])


class _Loads:
    """The other half of the bound: for each price the load that is cheapest for a person."""

    def __init__(self, problem: Problem, shape: Shape) -> None:
        weight, arcs = problem.arcs.weight, problem.arcs
        least, most = np.minimum(weight, 0.0), np.maximum(weight, 0.0)
        if arcs.by_arc:
            least = np.minimum.reduceat(least, arcs.start[:-1])
            most = np.maximum.reduceat(most, arcs.start[:-1])
        ends = np.stack([np.broadcast_to(end.sum(axis=0), shape.even.shape) for end in (least, most)])
        target = np.divide(1.0, shape.inverse, out=np.zeros_like(shape.inverse), where=shape.inverse > 0)
        distances = sorted({-start for start, _ in STEPS} | {0.0} | {start for start, _ in STEPS})
        turns = [target * (1.0 + distance) for distance in distances]
        points = np.stack([*ends, np.zeros_like(target), shape.limit, *turns])
        self.points = np.clip(points, ends[0], ends[1])
        far = np.abs(self.points * shape.inverse - 1.0)
        self.costs = shape.even * steps(far) + shape.over * np.maximum(0.0, self.points - shape.limit)

    def at(self, price: Floats) -> tuple[float, Floats]:
        """Return what the cheapest loads cost less what they are worth, and those loads."""
        worth = self.costs - price * self.points
        place = worth.argmin(axis=0)[None]
        best = np.take_along_axis(worth, place, axis=0)[0]
        points = np.take_along_axis(self.points, place, axis=0)[0]
        return float(best[:-1].sum()), points


class _Adam:
    """Steps along a noisy slope, each coordinate by its own size; who is far from his price goes faster."""

    def __init__(self, like: Floats, warm: float) -> None:
        self.mean, self.square, self.turn = np.zeros_like(like), np.zeros_like(like), 0
        self.gain, self.warm = np.ones_like(like), warm

    def step(self, slope: Floats, size: float) -> Floats:
        self.turn += 1
        self.mean = 0.9 * self.mean + 0.1 * slope
        self.square = 0.99 * self.square + 0.01 * slope * slope
        mean = self.mean / (1 - 0.9**self.turn)
        spread = np.sqrt(self.square / (1 - 0.99**self.turn))
        sure = mean / (spread + 1e-12)
        if self.turn > self.warm:
            gain = self.gain * np.where(np.abs(sure) > SURE, FASTER, SLOWER)
            self.gain = np.clip(gain, 1.0, FASTEST)
        return np.asarray(size * self.gain * sure)


def proven(problem: Problem, load: Floats, move: float) -> Prices:
    """Return prices with the bound that they prove."""
    load, shape = load.copy(), problem.shape()
    load[-1] = 0.0
    first, _ = _priced(problem.arcs, load, move, np.zeros_like(load))
    return Prices(load, move, first + _Loads(problem, shape).at(load)[0] - move * (problem.most_moves or 0))


def best_prices(problem: Problem, turns: int, *, begin: Prices | None = None) -> Prices:
    """Return the prices after so many steps, and the highest bound that any of them proved.

    Args:
        begin: prices that are nearly right; the steps from there on are smaller. None for 0.
    """
    shape, heft = problem.shape(), _heft(problem)
    reach = FIRST_STEP if begin is None else NEXT_STEP
    second, unit = _Loads(problem, shape), reach * _unit(problem) / heft
    load, move, ends = np.zeros_like(shape.even), 0.0, _ends(shape)
    if begin is not None:
        load, move = begin.load.copy(), begin.move
    adam, adam_move = _Adam(load, WARM * turns if begin is None else turns), _Adam(np.zeros(1), turns)
    best, few = Prices(load.copy(), move, -np.inf), problem.arcs
    most = problem.most_moves
    for turn in range(turns):
        full = turn < FULL_FIRST or turn % FULL_EVERY == 0 or turn == turns - 1
        loads = np.zeros_like(load)
        cheapest, points = second.at(load)
        first, moves = _priced(problem.arcs if full else few, load, move, loads)
        bound = first + cheapest - move * (most or 0)
        if full and bound > best.bound:
            best = Prices(load.copy(), move, bound)
        if full and turn > WARM * turns and bound < best.bound - LOST * abs(best.bound):
            load, move = best.load.copy(), best.move
            adam.gain[:] = 1.0
            continue
        if full and turn >= FULL_FIRST - 1:
            few = _few(problem, load, move)
        size: float = LAST_STEP ** (turn / max(1, turns - 1))
        load = np.clip(load + adam.step((loads - points) / heft, size) * unit, *ends)
        if most is not None:
            away = np.array([float(moves - most)])
            move = max(0.0, move + float(adam_move.step(away, size)[0]))
    return best


def _ends(shape: Shape) -> tuple[Floats, Floats]:
    """The least and the most that a unit of each load can be worth: what loads cost grows no faster."""
    steepest = shape.even * shape.inverse * sum(slope for _, slope in STEPS)
    return -steepest, steepest + shape.over


def borne_out(problem: Problem, prices: Prices, plan: Places) -> Prices:
    """Return the prices no further than needed from what a unit more and one less costs under a plan."""
    loads, inverse = problem.loads(plan), problem.shape().inverse
    about = NEAR * np.divide(1.0, inverse, out=np.abs(loads), where=inverse > 0)
    least, most = slopes(problem, loads - about), slopes(problem, loads + about)
    return prices._replace(load=np.clip(prices.load, least, most))


def _few(problem: Problem, load: Floats, move: float) -> Arcs:
    costs = reduced_costs(problem.arcs, load, move)
    return listed_arcs(problem.arcs, *shortlist_of(problem.arcs, costs, problem.current, SHORT))


def _heft(problem: Problem) -> Floats:
    """[resources] a load of usual size, so that hours and revenue are stepped alike."""
    total: Floats = np.abs(problem.weights(problem.arcs.start[:-1])).sum(axis=0)
    return np.asarray(np.maximum(total / max(1, problem.persons), 1e-9))


def _unit(problem: Problem) -> float:
    """The points that a load of usual size is stepped by: what is at stake for a person's items."""
    costs = problem.arcs.cost
    spread = float(np.median(np.abs(costs - np.median(costs)))) if len(costs) else 0.0
    return 0.12 * max(spread, 1.0) * max(1.0, problem.items / max(1, problem.persons))
