"""Looking for a good plan by chance, cooled: single changes and exchanges among the cheapest arcs.

A change that makes the plan better is taken; one that makes it worse, the more seldom the worse it is and
the colder it gets. Loads are priced as the bound prices them: what a plan costs is the sum of its reduced
costs and of what its loads cost less what they are worth, which is the same sum in other places. So that
second part may be faded in (``weight`` from near 0 to 1): first every item stands where the prices want
it, then the loads are brought within their limits a little at a time.

Sources:
    Kirkpatrick, Gelatt and Vecchi, Science 220 (1983), 671-680 (annealing);
    Osman, OR Spektrum 17 (1995), 211-225 (changes and exchanges for generalized assignment);
    Marsaglia, J. Stat. Soft. 8(14) (2003) (the random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.engine.assignment.compiled import compiled
from evenbook.engine.assignment.prices import Prices, reduced_costs, shortlist_of
from evenbook.engine.assignment.problem import Problem
from evenbook.engine.given_arrays import Floats, Places

SHORT = 8
EXCHANGES = 7
"""Of ten changes tried, how many are exchanges where there is somebody to exchange with."""

FINE = 4096
CHANCES: Floats = np.round(-np.log((np.arange(FINE) + 0.5) / FINE), 6).astype(np.float64)
"""What must be exceeded by how much worse ÷ temperature, drawn evenly: rounded, so that every machine has
the same."""


class Stage(NamedTuple):
    """A while of annealing.

    Attributes:
        sweeps: each tries as many changes as there are items.
        warm, cool: the temperature at its beginning and its end, in points.
        weight: the share of what loads cost, 1 for all.
        stress: how many times the penalties of limits count.
    """

    sweeps: int
    warm: float
    cool: float
    weight: float = 1.0
    stress: float = 1.0


ITEM = np.dtype([("first", np.int64), ("end", np.int64), ("at", np.int64), ("place", np.int64)], align=True)
"""An item: where its listed arcs begin and end, the one it takes, its place among those its person has."""

ARC = np.dtype(
    [("person", np.int64), ("item", np.int64), ("row", np.int64), ("moves", np.int64), ("held", np.int64),
     ("reduced", np.float64), ("true", np.float64)], align=True,
)  # fmt: skip
"""A listed arc, the row of its weights, its costs; ``held`` is a place in which a person keeps an item."""

PERSON = np.dtype([("room", np.int64), ("count", np.int64)], align=True)
"""A person: where the places begin in which it keeps items, and how many it has."""

BOOK = np.dtype(
    [(name, np.float64) for name in ("inverse", "even", "limit", "over", "true_over", "price", "load")]
)
"""A person's load of one resource and what it costs."""

TALLY = np.dtype(
    [("moves", np.int64), ("most", np.int64), ("since", np.int64), ("value", np.float64),
     ("best", np.float64)], align=True,
)  # fmt: skip
"""How many moves the plan has and may have, how long ago it was kept, what it and the best one cost beside
the first."""

Records = npt.NDArray[np.void]

Change = tuple[int, int, int, int]
"""The arc an item takes and the one it leaves; the same of another item that comes back, -1 for none."""


class Ground(NamedTuple):
    """All that the loop reads and changes."""

    free: Places
    items: Records
    arcs: Records
    people: Records
    books: Records
    weight: Floats
    chances: Floats
    luck: npt.NDArray[np.uint64]
    tally: Records
    best: Places
    """[items] the listed arc that the best plan takes."""


@compiled
def _draw(luck: npt.NDArray[np.uint64], below: int) -> int:
    x = luck[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    luck[0] = x
    return np.int64((x >> np.uint64(11)) % np.uint64(below))  # type: ignore[return-value]


@compiled
def _uneven(book: np.void, load: float) -> float:
    away = abs(load * book["inverse"] - 1.0)
    if away <= 0.05:
        return 0.0
    cost = away - 0.05
    if away > 0.15:
        cost += 1.5 * (away - 0.15)
        if away > 0.30:
            cost += 2.5 * (away - 0.30)
    return cost * book["even"]  # type: ignore[no-any-return]


@compiled
def _shift(books: Records, weight: Floats, move: tuple[int, int, int]) -> tuple[float, float]:
    """What a person's loads cost more when one row of weights comes and one goes (-1 for none).

    Returns the difference as it counts now, less what the loads are worth, and the true one.
    """
    person, comes, goes = move
    counted, true = 0.0, 0.0
    for d in range(books.shape[1]):
        book = books[person, d]
        more = 0.0
        if comes >= 0:
            more += weight[comes, d]
        if goes >= 0:
            more -= weight[goes, d]
        was = book["load"]
        load = was + more
        cost = 0.0
        if book["even"] > 0.0:
            cost = _uneven(book, load) - _uneven(book, was)
        over = max(0.0, load - book["limit"]) - max(0.0, was - book["limit"])
        counted += cost + over * book["over"] - book["price"] * more
        true += cost + over * book["true_over"]
    return counted, true


@compiled
def _hand(items: Records, arcs: Records, people: Records, move: tuple[int, int]) -> None:
    """Take the item from the person who has it and give it to the one its new arc leads to."""
    item, arc = move
    loser = arcs[items[item]["at"]]["person"]
    last = people[loser]["room"] + people[loser]["count"] - 1
    other = arcs[last]["held"]
    arcs[items[item]["place"]]["held"] = other
    items[other]["place"] = items[item]["place"]
    people[loser]["count"] -= 1
    winner = arcs[arc]["person"]
    place = people[winner]["room"] + people[winner]["count"]
    arcs[place]["held"] = item
    items[item]["place"] = place
    items[item]["at"] = arc
    people[winner]["count"] += 1


@compiled
def _partner(items: Records, arcs: Records, people: Records, ask: tuple[int, int, int]) -> int:
    """The listed arc by which an item of the person gone to would come back in exchange; -1 for none."""
    to, home, drawn = ask
    if people[to]["count"] == 0 or drawn % 10 >= EXCHANGES:
        return -1
    other = arcs[people[to]["room"] + (drawn // 10) % people[to]["count"]]["held"]
    for arc in range(items[other]["first"], items[other]["end"]):
        if arcs[arc]["person"] == home:
            return arc
    return -1


@compiled
def _keep_best(items: Records, tally: Records, best: Places, apart: int) -> None:
    now = tally[0]
    if now["most"] >= 0 and now["moves"] > now["most"]:
        return
    if now["value"] < now["best"] - 1e-9 and now["since"] >= apart:
        tally[0]["best"] = now["value"]
        tally[0]["since"] = 0
        for item in range(len(items)):
            best[item] = items[item]["at"]


@compiled
def _arc_costs(arcs: Records, tally: Records, change: Change) -> tuple[float, float]:
    """What a change costs more by its arcs, as counted and truly; infinite beyond the moves there may be."""
    arc, was, back, gone = change
    counted = arcs[arc]["reduced"] - arcs[was]["reduced"]
    true = arcs[arc]["true"] - arcs[was]["true"]
    moves = arcs[arc]["moves"] - arcs[was]["moves"]
    if back >= 0:
        counted += arcs[back]["reduced"] - arcs[gone]["reduced"]
        true += arcs[back]["true"] - arcs[gone]["true"]
        moves += arcs[back]["moves"] - arcs[gone]["moves"]
    if tally[0]["most"] >= 0 and moves > 0 and tally[0]["moves"] + moves > tally[0]["most"]:
        counted = np.inf
    return counted, true


@compiled
def _load_costs(arcs: Records, books: Records, weight: Floats, change: Change) -> tuple[float, float]:
    """What a change costs more by the loads of the two persons it is between."""
    arc, was, back, gone = change
    comes, leaves = -1, -1
    if back >= 0:
        comes, leaves = arcs[back]["row"], arcs[gone]["row"]
    at_home = _shift(books, weight, (arcs[was]["person"], comes, arcs[was]["row"]))
    there = _shift(books, weight, (arcs[arc]["person"], arcs[arc]["row"], leaves))
    return at_home[0] + there[0], at_home[1] + there[1]


@compiled
def _shift_loads(arcs: Records, books: Records, weight: Floats, hand: tuple[int, int]) -> None:
    arc, was = hand
    home, to = arcs[was]["person"], arcs[arc]["person"]
    for d in range(books.shape[1]):
        books[home, d]["load"] -= weight[arcs[was]["row"], d]
        books[to, d]["load"] += weight[arcs[arc]["row"], d]


@compiled
def _anneal(ground: Ground, heat: tuple[int, float, float, float]) -> None:
    free, items, arcs, people, books, weight, chances, luck, tally, best = ground
    sweeps, warm, cool, share = heat
    for sweep in range(sweeps):
        temperature = warm * (cool / warm) ** (sweep / max(1, sweeps - 1))
        for item in free:
            tally[0]["since"] += 1
            first, was = items[item]["first"], items[item]["at"]
            arc = first + _draw(luck, items[item]["end"] - first)
            if arc == was:
                continue
            ask = (arcs[arc]["person"], arcs[was]["person"], _draw(luck, 1 << 40))
            back = _partner(items, arcs, people, ask)
            gone = items[arcs[back]["item"]]["at"] if back >= 0 else -1
            by_arcs = _arc_costs(arcs, tally, (arc, was, back, gone))
            by_loads = _load_costs(arcs, books, weight, (arc, was, back, gone))
            worse = by_arcs[0] + share * by_loads[0]
            if worse > 0.0 and worse > temperature * chances[_draw(luck, len(chances))]:
                continue
            if by_arcs[1] + by_loads[1] > 0.0:
                _keep_best(items, tally, best, len(items) // 16)
            tally[0]["value"] += by_arcs[1] + by_loads[1]
            _shift_loads(arcs, books, weight, (arc, was))
            _hand(items, arcs, people, (item, arc))
            tally[0]["moves"] += arcs[arc]["moves"] - arcs[was]["moves"]
            if back >= 0:
                _shift_loads(arcs, books, weight, (back, gone))
                _hand(items, arcs, people, (arcs[back]["item"], back))
                tally[0]["moves"] += arcs[back]["moves"] - arcs[gone]["moves"]
        _keep_best(items, tally, best, 0)


def anneal(problem: Problem, prices: Prices, plan: Places, *, stages: Sequence[Stage], seed: int) -> Places:
    """Return the best plan met on the way from a plan through the stages, the plan itself included.

    What is best is measured by the problem's own penalties, however much they are stressed on the way.
    """
    if not len(problem.free) or not stages:
        return plan
    ground, listed = _ground(problem, prices, plan, seed)
    for stage in stages:
        ground.books["over"] = problem.shape(stage.stress).over
        _anneal(ground, (stage.sweeps, stage.warm, stage.cool, stage.weight))
    return np.asarray(listed[ground.best])


def _ground(problem: Problem, prices: Prices, plan: Places, seed: int) -> tuple[Ground, Places]:
    """Return where the search starts, and which arc each listed arc is."""
    given, reduced = problem.arcs, reduced_costs(problem.arcs, prices.load, prices.move)
    start, listed = shortlist_of(given, reduced, plan, SHORT)
    arcs, items = np.zeros(len(listed), ARC), np.zeros(problem.items, ITEM)
    item = np.repeat(np.arange(problem.items), np.diff(start))
    arcs["person"], arcs["item"], arcs["row"] = given.person[listed], item, listed if given.by_arc else item
    arcs["moves"], arcs["reduced"] = given.counted[listed], reduced[listed]
    arcs["true"] = given.cost[listed]
    items["first"], items["end"] = start[:-1], start[1:]
    items["at"] = np.flatnonzero(listed == plan[item])
    people = np.zeros(problem.persons + 1, PERSON)
    people["room"] = np.cumsum(np.bincount(arcs["person"], minlength=len(people))) - np.bincount(
        arcs["person"], minlength=len(people)
    )
    holder = arcs["person"][items["at"]]
    people["count"] = np.bincount(holder, minlength=len(people))
    order = np.argsort(holder, kind="stable")
    items["place"][order] = people["room"][holder[order]] + _within(people["count"])
    arcs["held"][items["place"]] = np.arange(problem.items)
    tally = np.zeros(1, TALLY)
    tally["moves"], tally["most"] = (
        problem.moves(plan),
        -1 if problem.most_moves is None else problem.most_moves,
    )
    luck = np.random.SeedSequence(seed).generate_state(1, np.uint64) | np.uint64(1)
    books = _books(problem, prices, plan)
    best = items["at"].copy()
    return Ground(problem.free, items, arcs, people, books, given.weight, CHANCES, luck, tally, best), listed


def _books(problem: Problem, prices: Prices, plan: Places) -> Records:
    shape = problem.shape()
    books = np.zeros(shape.even.shape, BOOK)
    books["inverse"], books["even"], books["price"] = shape.inverse, shape.even, prices.load
    books["limit"] = np.where(shape.over > 0, shape.limit, np.inf)
    books["over"], books["true_over"], books["load"] = shape.over, shape.over, problem.loads(plan)
    return books


def _within(counts: Places) -> Places:
    """0, 1, 2 … for each of the counted, one group after the other."""
    begins = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) - np.repeat(begins, counts)


def cheapest(problem: Problem, prices: Prices) -> Places:
    """Return the plan in which every item takes its cheapest arc at the prices.

    Where that would be more moves than there may be, those are left out that gain the least.
    """
    costs = reduced_costs(problem.arcs, prices.load, prices.move)
    start, listed = shortlist_of(problem.arcs, costs, problem.current, 1)
    taken = listed[start[:-1]]
    if problem.most_moves is None:
        return np.asarray(taken)
    moved = np.flatnonzero(problem.arcs.counted[taken])
    gain = costs[problem.current[moved]] - costs[taken[moved]]
    too_many = moved[np.argsort(gain, kind="stable")][: max(0, len(moved) - problem.most_moves)]
    taken[too_many] = problem.current[too_many]
    return np.asarray(taken)
