"""Books as an assignment: what each account weighs, what each pair costs, what each person may carry.

Costs are in points; one point is an account in an industry that its owner does not know. Rules that must
hold are priced so high that breaking one is never worth it, so that there is always an answer, and what it
breaks is named.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.books import CAPACITY, MOVES, PIN, RED_YELLOW, Asked, Books, Flags
from evenbook.balance.rules.pools import idle
from evenbook.engine.assignment import KEPT, Arcs, Problem
from evenbook.engine.given_arrays import Floats, Places

LOAD, ARR, COUNT, COMPLEXITY, RED_SHARE, RED_COUNT = range(6)
RESOURCES = ("load", "arr", "accounts", "complexity", "red_yellow", "red_yellow")
FIT = ("industry", "time_zone", "experience", "continuity", "owner", "tier")
"""What an account and a person cost together.

``owner`` is what it costs that nobody has it, ``tier`` that it stays by name where pools serve, or pooled.
"""

NOBODY = 1000.0
"""Points for an account that nobody can own: more than all that could be gained by it."""

WALL = 200.0
"""Points for a red or yellow account too many; for hours, for each account that a mean book has."""

A_LITTLE = 0.01
"""How much of even loads counts beside limits: too little to be worth breaking one."""

TRIFLE = 0.05
SPREAD = (0.7548776662466927, 0.5698402909980532)
"""Steps that spread pairs evenly over 0 to 1: the powers of 1 / 1.3247…, the root of x³ = x + 1."""


@dataclass(frozen=True)
class Posed:
    """A problem, and how to read its answers.

    Attributes:
        item: [arcs] the account of each arc, ``person`` the person, the last one nobody.
        fit: [arcs, FIT] what an arc's cost is made of.
        forced: [accounts] those that can't stay; moving them is no choice, and does not count.
    """

    books: Books
    problem: Problem
    item: Places
    fit: Floats
    forced: Flags

    def person_of(self, plan: Places) -> Places:
        """Return [accounts] the place of the person who has each; the number of people for nobody."""
        return np.asarray(self.problem.arcs.person[plan], dtype=np.int64)

    def arc(self, row: int, place: int) -> int | None:
        """Return the arc from an account to a person, None where there is none."""
        arcs = self.problem.arcs
        first, end = arcs.start[row], arcs.start[row + 1]
        found = np.flatnonzero(arcs.person[first:end] == place)
        return int(first + found[0]) if len(found) else None

    def arcs_of(self, places: Places) -> Places:
        """Return the plan in which each account is with the person of its place, whom it may go to."""
        arcs, many = self.problem.arcs, len(self.books.holders) + 1
        keys = self.item * many + arcs.person
        order = np.argsort(keys, kind="stable")
        wanted = np.arange(len(places)) * many + places
        return np.asarray(order[np.searchsorted(keys, wanted, sorter=order)], dtype=np.int64)


def pose(books: Books, asked: Asked, numbers: BalanceNumbers, *, limit: float) -> Posed:
    """Return the assignment that is asked for.

    Args:
        limit: the most that a person may carry, as a share of what they can sustain.
    """
    reachable, forced = _reachable(books, asked, limit)
    row, place = np.nonzero(reachable)
    order = np.argsort(np.concatenate([row, np.arange(len(books.clients))]), kind="stable")
    item = np.concatenate([row, np.arange(len(books.clients))])[order]
    person = np.concatenate([place, np.full(len(books.clients), len(books.holders))])[order]
    start = np.searchsorted(item, np.arange(len(books.clients) + 1))
    owner = np.append(books.owner, -1)[item] if len(item) else books.owner
    moved = (owner >= 0) & (person != owner)
    fit = fit_of(books, numbers, (item, person), moved, full=asked.is_full)
    counted = (moved & ~forced[item]).astype(np.uint8)
    arcs = Arcs(start, person.astype(np.int32), fit.sum(axis=1), _weights(books), False, counted)
    stands = np.flatnonzero((owner >= 0) & (person == owner))
    current = np.full(len(books.clients), KEPT)
    current[item[stands]] = stands
    around = shaped(books, asked, numbers, limit)
    return Posed(books, replace(around, arcs=arcs, current=current), item, fit, forced)


def _reachable(books: Books, asked: Asked, limit: float) -> tuple[Flags, Flags]:
    """[accounts, people] who may have what, and [accounts] which of them can't stay."""
    allowed, must = books.allowed(asked), books.must_move(asked)
    mismatched = books.mismatched(asked) & allowed.any(axis=1)
    free = _free(books, asked, limit) & ~books.held(asked)
    forced = must | (mismatched & free)
    reachable = allowed & (free | must)[:, None] & ~(idle(books, asked, limit) & ~must[:, None])
    has = np.flatnonzero((books.owner >= 0) & ~forced)
    reachable[has, books.owner[has]] = True
    if PIN not in asked.without:
        for account, who in asked.pins.items():
            row = books.row[account]
            reachable[row] = False
            if who in books.place and allowed[row, books.place[who]]:
                reachable[row, books.place[who]] = True
            forced[row] = True
    return reachable, forced


def _free(books: Books, asked: Asked, limit: float) -> Flags:
    """[accounts] whether there is a reason to move it at all."""
    rows = np.array([asked.free is None or each.id in asked.free for each in books.clients], dtype=np.bool_)
    if asked.is_full or asked.free is not None:
        return rows
    over = np.append(books.overloaded(limit), False)
    wrong = books.mismatched(asked) | books.displaced
    return np.asarray(rows & (over[books.owner] | (books.owner < 0) | wrong))


def _weights(books: Books) -> Floats:
    red = np.array([float(each.colored) for each in books.clients], dtype=np.float64)
    columns = [
        np.array([each.effort for each in books.clients], dtype=np.float64),
        np.array([each.arr for each in books.clients], dtype=np.float64),
        np.ones(len(red)),
        np.array([each.complexity for each in books.clients], dtype=np.float64),
        np.where(books.counts_red, red - books.shares.book, 0.0),
        np.where(books.counts_red, red, 0.0),
    ]
    return np.ascontiguousarray(np.stack(columns, axis=1))


def fit_of(
    books: Books, numbers: BalanceNumbers, pair: tuple[Places, Places], moved: Flags, *, full: bool
) -> Floats:
    """Return [pairs, FIT] what each pair of an account and a person costs; the last person is nobody."""
    item, person = pair
    fit = np.zeros((len(item), len(FIT)))
    somebody = person < len(books.holders)
    rows, places = item[somebody], person[somebody]
    fit[somebody, 0] = numbers.industry * _unknown_industry(books, rows, places)
    fit[somebody, 1] = numbers.time_zone * _apart(books, numbers, rows, places)
    fit[somebody, 2] = numbers.experience * _too_new(books, numbers, rows, places)
    share = numbers.move_in_full if full else 1.0
    lost = numbers.handover + numbers.move * _lost(books, numbers)[item]
    fit[:, 3] = np.where(moved & somebody, share * lost, 0.0)
    fit[~somebody, 4] = NOBODY
    stays = person == np.append(books.owner, -1)[item]
    fit[:, 5] = np.where(stays & books.displaced[item], numbers.tier_served, 0.0) if len(item) else 0.0
    return fit


def _unknown_industry(books: Books, rows: Places, places: Places) -> Floats:
    names = sorted({each.industry for each in books.clients if each.industry})
    column = {name: place for place, name in enumerate(names, 1)}
    asked = np.array([column.get(each.industry, 0) for each in books.clients], dtype=np.int64)
    knows = np.array(
        [[True, *(name in each.industries for name in names)] for each in books.holders], dtype=np.bool_
    ).reshape(len(books.holders), len(names) + 1)
    return np.asarray(~knows[places, asked[rows]], dtype=np.float64)


def _apart(books: Books, numbers: BalanceNumbers, rows: Places, places: Places) -> Floats:
    """How far apart account and person are; of a pool, whoever of it is nearest."""
    here = np.array([np.nan if each.zone is None else each.zone for each in books.clients], dtype=np.float64)
    zones = [tuple(each.zones) or (() if each.zone is None else (each.zone,)) for each in books.holders]
    there = np.full((len(zones), max(map(len, zones), default=0) or 1), np.nan)
    for place, some in enumerate(zones):
        there[place, : len(some)] = sorted(some)
    nearest = np.full(len(rows), np.inf)
    for column in there.T:
        apart = np.abs(here[rows] - column[places])
        nearest = np.fmin(nearest, np.minimum(apart, 24.0 - apart))
    apart = np.where(np.isfinite(nearest), nearest, 0.0)
    return np.asarray(np.maximum(0.0, apart - numbers.time_zone_free) / 4.0)


def _too_new(books: Books, numbers: BalanceNumbers, rows: Places, places: Places) -> Floats:
    hard = np.array([each.complexity - numbers.simple_complexity for each in books.clients], dtype=np.float64)
    new = np.array(
        [each.days is not None and each.days < numbers.experienced_days for each in books.holders],
        dtype=np.float64,
    )
    return np.maximum(0.0, hard)[rows] * new[places]


def _lost(books: Books, numbers: BalanceNumbers) -> Floats:
    """How much is lost with an owner: more with time, and more where more is at stake."""
    days = np.array(
        [
            numbers.move_months * 30.4 if each.owned_days is None else each.owned_days
            for each in books.clients
        ],
        dtype=np.float64,
    )
    months = np.minimum(days / 30.4, numbers.move_months) / numbers.move_months
    arr = np.array([each.arr for each in books.clients], dtype=np.float64)
    known = arr[arr > 0]
    size = np.log(np.maximum(arr, 1.0) / (np.median(known) if len(known) else 1.0))
    return 0.4 + months + 0.15 * np.where(arr > 0, np.clip(size, -2.0, 3.0), 0.0)


def shaped(books: Books, asked: Asked, numbers: BalanceNumbers, limit: float) -> Problem:
    """What each person should have and may have at most; the arcs are put in by whoever asks."""
    weight = _weights(books)
    total = weight.sum(axis=0)
    hours = books.hours * books.gives
    target = (hours / max(hours.sum(), 1e-9))[:, None] * np.maximum(total, 0.0)[None, :]
    target[:, [RED_SHARE, RED_COUNT]] = 0.0
    if books.is_pool.any():
        target[:, ARR : COMPLEXITY + 1] = _by_name(books, weight, hours)[:, ARR : COMPLEXITY + 1]
    a_book = max(1.0, len(books.clients) / max(1, len(books.holders)))
    weights = np.array(
        [numbers.even_load, numbers.even_arr, numbers.even_accounts, numbers.even_complexity, 0.0, 0.0]
    )
    even = weights * a_book * _counting(books)
    penalty = np.full(len(RESOURCES), WALL)
    penalty[LOAD] = WALL * a_book / max(float(books.hours.mean()) if len(books.hours) else 1.0, 1.0)
    limits = _limits(books, asked, target, limit)
    none = np.zeros(0, dtype=np.int64)
    empty = Arcs(none, none.astype(np.int32), np.zeros(0), weight, False, none.astype(np.uint8))
    most = None if MOVES in asked.without else asked.most_moves
    return Problem(empty, target, even, limits, penalty, none, most)


def _by_name(books: Books, weight: Floats, hours: Floats) -> Floats:
    """[people, resources] what each should have of what no pool has; a pool is measured by load alone."""
    pooled = np.append(books.is_pool, False)[books.owner]
    by_name = np.where(books.is_pool, 0.0, hours)
    total = np.maximum(weight[~pooled].sum(axis=0), 0.0)
    return np.asarray((by_name / max(by_name.sum(), 1e-9))[:, None] * total[None, :])


def _counting(books: Books) -> Floats:
    """[people, 1] how much an uneven book counts: a pool's as the people whose hours it has."""
    people = books.hours[~books.is_pool & (books.hours > 0)]
    a_person = float(people.mean()) if len(people) else 1.0
    return np.where(books.is_pool, books.hours / a_person, 1.0)[:, None]


def _limits(books: Books, asked: Asked, target: Floats, limit: float) -> Floats:
    """The most of each: hours that somebody can sustain; red and yellow by share, by number where few."""
    limits = np.full(target.shape, np.inf)
    stays = _stays(books, asked)
    if CAPACITY not in asked.without:
        limits[:, LOAD] = np.maximum(limit * books.hours, stays[:, LOAD])
    if RED_YELLOW not in asked.without:
        few = _expected(books, target) * books.shares.book < books.shares.any_book
        limits[:, RED_SHARE] = np.where(few, np.inf, np.maximum(0.0, stays[:, RED_SHARE]))
        limits[few, RED_COUNT] = np.maximum(books.shares.any_book, stays[few, RED_COUNT])
    return limits


def _expected(books: Books, target: Floats) -> Floats:
    """[people] about how many accounts each will have that red and yellow are counted of."""
    has = (books.owner >= 0) & books.counts_red
    stand = np.bincount(books.owner[has], minlength=len(books.holders))
    return np.where(books.is_pool, stand, target[:, COUNT])


def _stays(books: Books, asked: Asked) -> Floats:
    """[people, resources] what each carries of accounts that are left alone; 0 where all are asked of.

    A few accounts can't mend a book that is past its limit for other reasons: it may not get worse.
    """
    found = np.zeros((len(books.holders), len(RESOURCES)))
    if asked.free is not None:
        others = np.array([each.id not in asked.free for each in books.clients], dtype=np.bool_)
        rows = np.flatnonzero(others & (books.owner >= 0))
        np.add.at(found, books.owner[rows], _weights(books)[rows])
    return found


def limits_alone(posed: Posed, turn: int = 0) -> Problem:
    """Return the same problem where only limits count, and a little what leads to them.

    Even loads lead there. Where all pairs cost the same, each account would be tried with the same few
    people; so each pair costs a trifle of its own, spread evenly over accounts and people.
    """
    problem, nobody = posed.problem, len(posed.books.holders)
    person = problem.arcs.person
    even = np.zeros_like(problem.even)
    even[:, LOAD] = A_LITTLE * problem.even[:, LOAD]
    trifle = TRIFLE * np.mod(posed.item * SPREAD[turn % 2] + person * SPREAD[1 - turn % 2], 1.0)
    cost = np.where(person == nobody, problem.arcs.cost, trifle)
    return replace(problem, even=even, arcs=problem.arcs._replace(cost=cost))
