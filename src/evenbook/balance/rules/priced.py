"""What any placing of accounts costs, by term, and which rules it breaks: for plans changed by hand.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.answers import BookRow
from evenbook.balance.rules.books import CAPACITY, HOLDS, LANGUAGE, RED_YELLOW, ROLE, RULES, Asked, Books
from evenbook.balance.rules.explained import VISIBLE, book_rows, standing
from evenbook.balance.rules.pools import hours_by_owner
from evenbook.balance.rules.posed import FIT, LOAD, RED_COUNT, RED_SHARE, RESOURCES, fit_of, shaped
from evenbook.engine.assignment.problem import steps
from evenbook.engine.given_arrays import Floats, Places


@dataclass(frozen=True)
class Priced:
    """A plan by hand.

    Attributes:
        books: each person's book under it.
        points: what it costs more than the plan it was made from, by term; negative is better.
        breaks: the rules that it breaks beyond those that plan breaks: by name, with the accounts or people.
    """

    books: tuple[BookRow, ...]
    points: Mapping[str, float]
    breaks: Mapping[str, tuple[int, ...]]


def priced(
    books: Books, numbers: BalanceNumbers, plans: tuple[Places, Places], *, limit: float, full: bool
) -> Priced:
    """Return what the second of two plans costs beside the first; plans are [accounts] places of people."""
    one, other = (points_of(books, numbers, plan, limit=limit, full=full) for plan in plans)
    points = {name: round(other[name] - one[name], 6) for name in one}
    before, after = (_breaks(books, plan, limit) for plan in plans)
    return Priced(
        book_rows(books, plans[1]),
        {name: value for name, value in points.items() if abs(value) >= VISIBLE},
        {
            rule: tuple(sorted(who - before.get(rule, frozenset())))
            for rule, who in after.items()
            if who - before.get(rule, frozenset())
        },
    )


def points_of(
    books: Books, numbers: BalanceNumbers, plan: Places, *, limit: float, full: bool
) -> dict[str, float]:
    """Return what a plan costs, in points by term; plans are [accounts] places of people."""
    moved = (books.owner >= 0) & (plan != books.owner)
    fit = fit_of(books, numbers, (np.arange(len(plan)), plan), moved, full=full)
    terms = dict(zip(FIT, fit.sum(axis=0).tolist(), strict=True))
    around = shaped(books, Asked(), numbers, limit)
    shape = around.shape()
    weight = around.arcs.weight
    loads = np.stack(
        [np.bincount(plan, weight[:, d], len(books.holders) + 1) for d in range(len(RESOURCES))], axis=1
    )
    even = (shape.even * steps(np.abs(loads * shape.inverse - 1.0))).sum(axis=0)
    beyond = np.maximum(0.0, loads - shape.limit)
    if books.shared:
        beyond[:-1, LOAD] = _beyond(books, plan, limit)
    over = (shape.over * beyond).sum(axis=0)
    for d, name in enumerate(RESOURCES):
        wall = "capacity_limit" if d == LOAD else "red_yellow_limit"
        terms[name] = terms.get(name, 0.0) + float(even[d])
        terms[wall] = terms.get(wall, 0.0) + (float(over[d]) if d in (LOAD, RED_SHARE, RED_COUNT) else 0.0)
    return terms


def _beyond(books: Books, plan: Places, limit: float) -> Floats:
    """Return [people] hours past what each sustains, parts of pools included; a pool itself has none."""
    beyond = books.carried(hours_by_owner(books, plan)) - limit * books.all_hours
    return np.where(books.is_pool, 0.0, np.maximum(0.0, beyond))


def _breaks(books: Books, plan: Places, limit: float) -> dict[str, frozenset[int]]:
    """Return by rule the accounts, or the people, for whom a plan breaks it."""
    somebody = np.flatnonzero(plan < len(books.holders))
    found = {
        LANGUAGE: {books.clients[row].id for row in somebody if not books.speaks[row, plan[row]]},
        ROLE: {books.clients[row].id for row in somebody if not books.serves[row, plan[row]]},
    }
    moved = (books.owner >= 0) & (plan != books.owner)
    for rule in HOLDS:
        found[rule] = {
            books.clients[row].id for row in np.flatnonzero(moved) if rule in books.clients[row].holds
        }
    for row in book_rows(books, plan):
        if row.effort > limit * row.hours + 1e-6 and not row.is_pool:
            found.setdefault(CAPACITY, set()).add(row.person)
    found[RED_YELLOW] = _past_red(books, plan)
    return {rule: frozenset(found[rule]) for rule in RULES if found.get(rule)}


def _past_red(books: Books, plan: Places) -> set[int]:
    """Return whose book is past its share of red and yellow."""
    many, there = len(books.holders), (plan < len(books.holders)) & books.counts_red
    red = np.array([float(each.colored) for each in books.clients], dtype=np.float64)
    reds, count = np.bincount(plan[there], red[there], many), np.bincount(plan[there], minlength=many)
    past = reds > np.maximum(books.shares.book * count, books.shares.any_book) + 1e-9
    return {books.holders[place].id for place in np.flatnonzero(past)}


def plan_of(books: Books, moves: Mapping[int, int | None]) -> Places:
    """Return [accounts] the places of people when these accounts go to these people, all others stay."""
    plan = standing(books).copy()
    for account, person in moves.items():
        if account in books.row:
            nobody = len(books.holders)
            plan[books.row[account]] = nobody if person is None else books.place.get(person, nobody)
    return plan
