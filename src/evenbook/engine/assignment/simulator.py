"""Made-up books to measure the assignment on: accounts, people, an aged and unbalanced plan that stands.

Three kinds of accounts in 10, 30 and 60%; people by kind, with languages, skills and hours; effort scaled to
a share of all the hours there are. Everything follows from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenbook.engine.assignment.problem import KEPT, Arcs, Problem
from evenbook.engine.given_arrays import Flags, Floats, Places

KINDS = 3
ZONES = np.array([-8.0, -5.0, 0.0, 1.0, 5.5, 9.0])
SPOKEN = np.array([0, 0, 0, 1, 2, 3])
"""The language of each zone; everybody speaks the first."""

LIMITS = {"effort": 90.0, "count": 200.0, "red": 200.0}
"""Points for an hour, an account, a red account beyond a limit."""

NOBODY = 1000.0


@dataclass(frozen=True)
class Accounts:
    """The made-up accounts, one place each."""

    kind: Places
    effort: Floats
    revenue: Floats
    complexity: Floats
    red: Flags
    zone: Places
    language: Places
    must_speak: Flags
    industry: Places
    seniority: Places
    protected: Flags
    locked: Flags


@dataclass(frozen=True)
class People:
    """The made-up people."""

    kind: Places
    serves: Flags
    hours: Floats
    zone: Places
    speaks: Flags
    knows: Flags
    seniority: Places


def book_problem(accounts: int, people: int, seed: int, *, tight: float = 0.88) -> Problem:
    """Return a yearly rebalancing: any number of moves, each cheap.

    Args:
        tight: all effort as a share of all hours.
    """
    chance = np.random.default_rng(seed)
    base = _accounts(accounts, chance)
    work = np.bincount(base.kind, base.effort, KINDS)
    staff = _people(people, work / work.sum(), chance)
    staff = _repaired(base, staff, chance)
    base = replace(base, effort=base.effort * tight * staff.hours.sum() / base.effort.sum())
    return _problem(base, staff, chance)


def quarter_problem(settled: Problem, plan: Places, share: float, seed: int) -> Problem:
    """Return the quarter after a plan was settled: efforts drifted, health redrawn, some without owner.

    Args:
        share: how many moves are allowed, as a share of the accounts.
    """
    chance = np.random.default_rng(seed)
    n, weight = settled.items, settled.arcs.weight.copy()
    drifted = chance.random(n) < 0.2
    weight[drifted, 0] *= chance.choice([0.6, 0.8, 1.25, 1.6], int(drifted.sum()))
    again = chance.random(n) < 0.05
    weight[again, 4] = np.where(chance.random(int(again.sum())) < 0.24, 0.7, -0.3)
    current = np.where((chance.random(n) < 0.03) | (plan == settled.arcs.start[1:] - 1), KEPT, plan)
    item = np.repeat(np.arange(n), np.diff(settled.arcs.start))
    moved = (current[item] >= 0) & (np.arange(len(item)) != current[item])
    price = _worth_keeping(weight[:, 1], chance)[item]
    was = settled.arcs.cost - np.where(settled.arcs.counted == 1, 0.6 * price, 0.0)
    arcs = settled.arcs._replace(
        weight=weight, cost=np.where(moved, was + price, was), counted=moved.astype(np.uint8)
    )
    return replace(settled, arcs=arcs, current=current, most_moves=int(share * n))


def _accounts(n: int, chance: np.random.Generator) -> Accounts:
    kind = chance.choice(KINDS, n, p=[0.1, 0.3, 0.6])
    revenue = np.array([250.0, 60.0, 12.0])[kind] * np.exp(
        np.array([0.7, 0.6, 0.6])[kind] * chance.standard_normal(n)
    )
    stage = chance.choice(5, n, p=[0.12, 0.23, 0.40, 0.15, 0.10])
    complexity = np.clip(np.array([3.6, 2.6, 1.7])[kind] + 0.9 * chance.standard_normal(n), 1, 5)
    products = 1 + chance.binomial(5, np.array([0.6, 0.4, 0.2])[kind])
    red = chance.random(n) < 0.24
    effort = np.array([10.0, 4.0, 1.2])[kind] * np.array([1.8, 1.2, 0.8, 1.4, 1.3])[stage]
    effort *= (0.75 + 0.1 * complexity) * (0.85 + 0.08 * products)
    effort *= np.where(red, 1.15, 1.0) * np.exp(0.1 * chance.standard_normal(n))
    zone = chance.choice(6, n, p=[0.2, 0.3, 0.2, 0.15, 0.08, 0.07])
    language = np.where(chance.random(n) < 0.7, SPOKEN[zone], 0)
    share = 1.0 / np.arange(1, 13) ** 0.7
    return Accounts(
        kind, effort, revenue, complexity, red, zone, language,
        (language > 0) & (chance.random(n) < 0.6),
        chance.choice(12, n, p=share / share.sum()),
        np.clip(np.array([3, 2, 1])[kind] + chance.integers(-1, 2, n), 1, 4),
        (chance.random(n) < 0.02) | (chance.random(n) < np.where(stage == 3, 0.8, 0.08)),
        chance.random(n) < 0.015,
    )  # fmt: skip


def _people(m: int, share: Floats, chance: np.random.Generator) -> People:
    kind = chance.permutation(np.searchsorted(np.cumsum(share), (np.arange(m) + 0.5) / m))
    serves = np.eye(KINDS, dtype=bool)[kind]
    beside = chance.random(m) < 0.15
    serves[np.flatnonzero(beside), np.clip(kind[beside] + 1, 0, KINDS - 1)] = True
    hours = 130 * chance.choice([0.4, 0.7, 1.0, 0.8, 0.5], m, p=[0.06, 0.07, 0.72, 0.10, 0.05])
    zone = chance.choice(6, m, p=[0.2, 0.3, 0.2, 0.15, 0.08, 0.07])
    speaks = np.zeros((m, 4), dtype=bool)
    speaks[:, 0] = True
    speaks[np.arange(m), SPOKEN[zone]] = True
    speaks |= chance.random((m, 4)) < 0.08
    knows = chance.random((m, 12)) < 0.25
    return People(
        kind, serves, hours, zone, speaks, knows, np.clip(3 - kind + chance.integers(0, 2, m), 1, 4)
    )


def _repaired(accounts: Accounts, people: People, chance: np.random.Generator) -> People:
    """Teach languages until each kind and language has well more hours than it needs."""
    speaks = people.speaks.copy()
    scale = people.hours.sum() / accounts.effort.sum()
    for kind in range(KINDS):
        for language in range(1, 4):
            asked = accounts.must_speak & (accounts.language == language) & (accounts.kind == kind)
            need = 1.6 * scale * float(accounts.effort[asked].sum())
            for person in chance.permutation(np.flatnonzero(people.serves[:, kind])):
                if people.hours[people.serves[:, kind] & speaks[:, language]].sum() >= need:
                    break
                speaks[person, language] = True
    return replace(people, speaks=speaks)


def _problem(accounts: Accounts, people: People, chance: np.random.Generator) -> Problem:
    eligible = people.serves[:, accounts.kind].T
    eligible = eligible & (accounts.seniority[:, None] - people.seniority[None] <= 1)
    eligible &= ~accounts.must_speak[:, None] | people.speaks[:, accounts.language].T
    owner = _owners(accounts, people, eligible, chance)
    eligible[np.flatnonzero(accounts.locked & (owner >= 0))] = False
    has = np.flatnonzero(owner >= 0)
    eligible[has, owner[has]] = True
    item, person = np.nonzero(eligible)
    cost = _fit(accounts, people, item, person)
    moved = (owner[item] >= 0) & (person != owner[item])
    keep = _worth_keeping(accounts.revenue, chance)[item]
    cost += np.where(moved, 0.6 * keep + 12.0 * accounts.protected[item], 0.0)
    arcs, current = _arcs(len(owner), (item, person, cost, moved), owner, len(people.hours))
    red = np.where(accounts.red, 0.7, -0.3)
    weight = np.stack(
        [accounts.effort, accounts.revenue, np.ones(len(owner)), accounts.complexity, red], axis=1
    )
    pools = np.stack([weight[accounts.kind == kind].sum(axis=0) for kind in range(KINDS)])
    pool_hours = np.bincount(people.kind, people.hours, KINDS)
    target = (people.hours / pool_hours[people.kind])[:, None] * pools[people.kind]
    target[:, 0] = people.hours * weight[:, 0].sum() / people.hours.sum()
    return _shaped(arcs._replace(weight=weight), people.hours, target, current)


def _shaped(arcs: Arcs, hours: Floats, target: Floats, current: Places) -> Problem:
    target[:, 4] = 0.0
    per_person = len(current) / len(hours)
    even = np.broadcast_to(np.array([3.0, 1.5, 1.0, 1.0, 0.0]) * per_person, target.shape)
    limit = np.full(target.shape, np.inf)
    limit[:, 0], limit[:, 2], limit[:, 4] = hours, np.ceil(1.35 * target[:, 2] + 2), 0.0
    penalty = np.array([LIMITS["effort"] * per_person / 50, 0.0, LIMITS["count"], 0.0, LIMITS["red"]])
    return Problem(arcs, target, even, limit, penalty, current)


def _fit(accounts: Accounts, people: People, item: Places, person: Places) -> Floats:
    apart = np.abs(ZONES[accounts.zone[item]] - ZONES[people.zone[person]])
    short = np.maximum(0, accounts.seniority[item] - people.seniority[person])
    speaks = people.speaks[person, accounts.language[item]]
    known = people.knows[person, accounts.industry[item]]
    return np.asarray(1.0 * ~known + np.maximum(0.0, apart - 2) / 4 + short + 1.5 * ~speaks)


def _worth_keeping(revenue: Floats, chance: np.random.Generator) -> Floats:
    months = chance.exponential(14.0, len(revenue))
    size = np.clip(np.log(revenue / np.median(revenue)), -2, 3)
    return np.asarray(0.4 + np.minimum(months, 24) / 24 + 0.15 * size)


def _owners(accounts: Accounts, people: People, eligible: Flags, chance: np.random.Generator) -> Places:
    """An aged book: the popular have more; 4% have nobody."""
    popular = chance.gamma(11.0, 1 / 11.0, len(people.hours)) * people.hours
    owner = np.full(len(accounts.kind), KEPT)
    for each in range(len(owner)):
        share = popular * eligible[each]
        if share.sum() and chance.random() > 0.04:
            owner[each] = np.searchsorted(np.cumsum(share), chance.random() * share.sum(), side="right")
    return owner


def _arcs(
    items: int, sorted_arcs: tuple[Places, Places, Floats, Flags], owner: Places, persons: int
) -> tuple[Arcs, Places]:
    """Add to each item the last arc, to nobody, and find the one that stands."""
    item, person, cost, moved = sorted_arcs
    order = np.argsort(np.concatenate([item, np.arange(items)]), kind="stable")
    who = np.concatenate([person, np.full(items, persons)])[order]
    at = np.concatenate([item, np.arange(items)])[order]
    start = np.searchsorted(at, np.arange(items + 1))
    stands = np.flatnonzero((who == owner[at]) & (who < persons))
    current = np.full(items, KEPT)
    current[at[stands]] = stands
    arcs = Arcs(
        start, who.astype(np.int32), np.concatenate([cost, np.full(items, NOBODY)])[order],
        np.zeros((items, 1)), False, np.concatenate([moved, owner >= 0])[order].astype(np.uint8),
    )  # fmt: skip
    return arcs, current
