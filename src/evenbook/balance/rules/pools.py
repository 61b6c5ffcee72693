"""Pools among the people who own accounts: who they are, and how members share their hours with them.

What a pool takes is shared by its members in proportion to what each can sustain, as ``capacity`` shares it.
So that each hour is counted once, the hours of its members are divided beforehand: the pool has the same
share of what each can sustain, and they have the rest for what they own by name. The share is

    what the pool has, and what only pools may have, ÷ that and what its members own by name,

no less than what the pool has needs, no more than their fullest book leaves, and half of what is left between
the two beside it. With any plan in which each book keeps to its part, each member keeps to what they sustain:
own hours ≤ limit × (all − share × sustained), and of the pool ≤ limit × share × sustained.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evenbook.balance.rules.books import Asked, Books, Client, Holder
from evenbook.engine.given_arrays import Flags, Floats, Places

LOWEST_TIER = 4
"""A pool serves down to the last tier."""

POOL = "pool:"
"""What the key of a pool begins with where one of a person could stand."""

Members = Mapping[int, Mapping[int, bool]]
"""By pool its members on a day, and of each whether they stay in it through the weeks ahead."""

Held = tuple[int | None, int | None]
"""A person or a pool, by its id; neither is nobody."""


@dataclass(frozen=True)
class Pool:
    """A pool as it stands.

    Attributes:
        sustained: by member, all hours that they sustain a month; 0 of who is not there in the weeks ahead.
    """

    id: int
    sustained: Mapping[int, float]

    @property
    def parts(self) -> tuple[tuple[int, float], ...]:
        """Each member with the part that they carry, 0 of who is away; empty where nobody is there."""
        every = sum(self.sustained.values())
        return tuple((who, hours / every) for who, hours in self.sustained.items()) if every > 0 else ()


@dataclass(frozen=True)
class PoolsFound:
    """The pools among the books, and by person the hours a month of those that are not, and of roles."""

    among: tuple[Pool, ...]
    elsewhere: Mapping[int, float]
    by_roles: Mapping[int, float]


def pools_found(
    members: Members,
    hours: Mapping[int, float],
    owned: Mapping[int, float],
    *,
    among: Iterable[int],
    by_roles: Mapping[int, float],
) -> PoolsFound:
    """Return the pools with what their members sustain, and what members carry of all other pools.

    Args:
        hours: a month that each member sustains over the weeks ahead.
        owned: hours a month of the accounts of each pool.
        among: the pools among the books.
        by_roles: hours a month that pools have by roles on accounts.
    """
    inside, found = set(among), list[Pool]()
    elsewhere, roles = defaultdict[int, float](float), defaultdict[int, float](float)
    for pool in sorted(inside | set(members)):
        stay = {who: hours.get(who, 0.0) if stays else 0.0 for who, stays in members.get(pool, {}).items()}
        each = Pool(pool, stay)
        for who, part in each.parts:
            roles[who] += part * by_roles.get(pool, 0.0)
            elsewhere[who] += 0.0 if pool in inside else part * owned.get(pool, 0.0)
        if pool in inside:
            found.append(each)
    return PoolsFound(tuple(found), elsewhere, roles)


def holder_of(person: int | None, pool: int | None) -> int | None:
    """Return the id that a person or a pool has among those who own accounts; None for nobody."""
    return -pool if pool is not None else person


def held_by(holder: int | None) -> Held:
    """Return the person or the pool that an id among those who own accounts stands for."""
    if holder is None:
        return None, None
    return (None, -holder) if holder < 0 else (holder, None)


def pooled(pool: Pool, people: Mapping[int, Holder], *, highest_tier: int) -> Holder:
    """Return a pool as one who owns accounts: all that its members speak and know, none of their hours yet.

    Where nobody is there, nothing may stay with it.
    """
    there = [people[who] for who, part in pool.parts if part > 0]
    days = [each.days for each in there]
    return Holder(
        id=-pool.id,
        hours=0.0,
        lowest_tier=LOWEST_TIER,
        highest_tier=highest_tier,
        languages=frozenset(name for each in there for name in each.languages),
        industries=frozenset(name for each in there for name in each.industries),
        zones=frozenset(each.zone for each in there if each.zone is not None),
        days=None if None in days else max((each for each in days if each is not None), default=None),
        leaves=not there,
        members=pool.parts,
        is_pool=True,
    )


def divided(
    holders: Sequence[Holder], pools: Sequence[Pool], clients: Sequence[Client], *, limit: float
) -> list[Holder]:
    """Return people and pools with the hours that each has for what it owns; pools come last.

    Args:
        holders: people with all their hours, then the pools as ``pooled`` gives them.
        limit: the most that a person may carry, as a share of what they can sustain.
    """
    found = {each.id: each for each in holders}
    taken = {each.id: each.elsewhere / min(1.0, limit) for each in holders}
    left = {each.id: max(0.0, each.hours - taken[each.id]) for each in holders if not each.is_pool}
    own = _owned(clients)
    waiting = _waiting(clients, holders)
    for place, pool in enumerate(pools):
        later = pools[place + 1 :]
        share = _share(pool, left, own, waiting, later=later, limit=limit, pools=pools)
        found[-pool.id] = replace(found[-pool.id], hours=share * sum(pool.sustained.values()))
        for who, hours in pool.sustained.items():
            left[who] = max(0.0, left[who] - share * hours)
    members = {who for pool in pools for who in pool.sustained}
    return [
        replace(each, hours=left[each.id], whole=each.hours)
        if each.id in members or each.elsewhere
        else found[each.id]
        for each in holders
    ]


def _share(
    pool: Pool,
    left: Mapping[int, float],
    own: Mapping[int, float],
    waiting: Mapping[int | None, float],
    *,
    later: Sequence[Pool],
    limit: float,
    pools: Sequence[Pool],
) -> float:
    """Return the share of what each member sustains that is the pool's."""
    sustained = {who: hours for who, hours in pool.sustained.items() if hours > 0}
    every = sum(sustained.values())
    if not every:
        return 0.0
    rest = {who: left[who] - _later(who, later, own, limit) for who in sustained}
    most = max(0.0, min(rest[who] / hours for who, hours in sustained.items()))
    high = min((rest[who] - own.get(who, 0.0) / limit) / hours for who, hours in sustained.items())
    has = own.get(-pool.id, 0.0)
    asked = has + sum(waiting.values()) * every / sum(sum(each.sustained.values()) for each in pools)
    named = sum(own.get(who, 0.0) - waiting.get(who, 0.0) for who in sustained)
    even = sum(rest.values()) / every * asked / (asked + max(0.0, named)) if asked else 0.0
    low = has / (limit * every)
    if low <= high:
        even = (min(max(even, low), high) + high) / 2
    return min(max(0.0, even), most)


def _later(who: int, later: Sequence[Pool], own: Mapping[int, float], limit: float) -> float:
    """Return the hours of somebody that pools which come later need for what they have."""
    shares = (
        each.sustained[who] * own.get(-each.id, 0.0) / (limit * sum(each.sustained.values()))
        for each in later
        if each.sustained.get(who)
    )
    return sum(shares)


def _owned(clients: Sequence[Client]) -> dict[int, float]:
    found: dict[int, float] = {}
    for each in clients:
        if each.owner is not None:
            found[each.owner] = found.get(each.owner, 0.0) + each.effort
    return found


def _waiting(clients: Sequence[Client], holders: Sequence[Holder]) -> dict[int | None, float]:
    """Return by owner the hours of accounts that only pools may have, and that none has yet."""
    lowest = max((each.lowest_tier for each in holders if not each.is_pool), default=0)
    pools = {each.id for each in holders if each.is_pool}
    found: dict[int | None, float] = {}
    for each in clients:
        if each.tier > lowest and each.owner not in pools:
            found[each.owner] = found.get(each.owner, 0.0) + each.effort
    return found


def idle(books: Books, asked: Asked, limit: float) -> Flags:
    """Return [accounts, people] who would get what goes between a member and their own pool for nothing.

    Their hours are the same hours: it helps where the pool, or a member who shares it with others, is past
    the limit; and who is asked of an account by name hears of both.
    """
    found = np.zeros((len(books.clients), len(books.holders)), dtype=np.bool_)
    if asked.free is not None:
        return found
    over = books.overloaded(limit)
    stands = ~books.displaced & ~books.mismatched(asked)
    for pool, members, parts in books.shared:
        for member, part in zip(members.tolist(), parts.tolist(), strict=True):
            if not over[member] or part >= 1.0:
                found[stands & (books.owner == member), pool] = True
            if not over[pool]:
                found[stands & (books.owner == pool), member] = True
    return found


def by_name(books: Books) -> Books:
    """Return the books of people alone: pools keep what they have, and members what that leaves them."""
    pools = {each.id for each in books.holders if each.is_pool}
    if not pools:
        return books
    own = np.zeros(len(books.holders))
    for row in np.flatnonzero(books.owner >= 0):
        own[books.owner[row]] += books.clients[row].effort
    carried = books.carried(own)
    lowest = max((each.lowest_tier for each in books.holders if not each.is_pool), default=0)
    people = [
        replace(each, hours=max(0.0, each.all_hours - float(carried[place] - own[place])), whole=None)
        for place, each in enumerate(books.holders)
        if not each.is_pool
    ]
    kept = [
        each
        for each in books.clients
        if each.owner not in pools and (each.owner is not None or each.tier <= lowest)
    ]
    return Books(kept, [replace(each, elsewhere=0.0) for each in people], books.shares)


def asked_by_name(asked: Asked, books: Books) -> Asked:
    """Return what is asked for as far as it is of these books of people alone."""
    pins = {row: who for row, who in asked.pins.items() if row in books.row and who in books.place}
    forbidden = {row: people for row, people in asked.forbidden.items() if row in books.row}
    return replace(asked, pins=pins, forbidden=forbidden)


def hours_by_owner(books: Books, places: Places) -> Floats:
    """Return [people] hours a month of what each owns when [accounts] are with these places."""
    effort = np.array([each.effort for each in books.clients], dtype=np.float64)
    inside = places < len(books.holders)
    return np.bincount(places[inside], effort[inside], len(books.holders)).astype(np.float64)
