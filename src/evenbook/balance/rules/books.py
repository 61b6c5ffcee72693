"""Accounts and people as balancing sees them, and which rules stand between the two.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Floats, Places

LANGUAGE, ROLE, CAPACITY, RED_YELLOW = "language", "role_and_tier", "capacity", "red_yellow"
LOCK, ESCALATION, RENEWAL, RECENT = "lock", "escalation", "renewal", "recent_change"
MOVES, PIN, FORBID = "moves", "pin", "forbid"

RULES = {
    LANGUAGE: "The required language",
    ROLE: "Which role serves which tier",
    CAPACITY: "What a person can sustain",
    RED_YELLOW: "The limit of red and yellow in a book",
    LOCK: "Accounts locked by request",
    ESCALATION: "No change during an escalation",
    RENEWAL: "No change just before a renewal",
    RECENT: "No second change of owner so soon",
    MOVES: "The number of moves",
    PIN: "Accounts pinned by hand",
    FORBID: "People ruled out by hand",
}
"""Everything that must hold, and how it is called."""

HOLDS = (LOCK, ESCALATION, RENEWAL, RECENT)
"""The rules that keep an account where it is."""

DEPARTURE, MISMATCH, OVERLOAD, UNOWNED, REBALANCE, BY_HAND = (
    "departure", "skill_mismatch", "over_load", "new_account", "major_rebalance", "by_hand"
)  # fmt: skip
SILENT, POOL_OVERLOAD, TO_POOL, TO_NAME = "silent_pool", "pool_over_load", "tier_pooled", "tier_by_name"
REASONS = {
    DEPARTURE: "its owner leaves, or is away for the quarter",
    MISMATCH: "its owner lacks what the account requires",
    OVERLOAD: "its owner's book is past its limit",
    UNOWNED: "nobody owns it",
    REBALANCE: "all books are placed anew",
    BY_HAND: "it was placed by hand",
    SILENT: "nobody answers in its pool",
    POOL_OVERLOAD: "the members of its pool are past their limit",
    TO_POOL: "its tier is served by a pool",
    TO_NAME: "its tier is served by name",
}
"""The reasons for which an account may move."""


@dataclass(frozen=True)
class Client:
    """An account to be placed.

    Attributes:
        effort: hours a month.
        arr: revenue a year in major units; 0 where it is not known.
        complexity: 1 to 5.
        colored: red or yellow.
        language: that its owner must speak; empty for any.
        zone: hours from UTC; None where it is not known.
        owner: the id of the person or pool that owns it, None for nobody.
        owned_days: how long; None where it is not known.
        holds: the rules of ``HOLDS`` that keep it where it is.
    """

    id: int
    effort: float
    arr: float = 0.0
    tier: int = 3
    complexity: float = 3.0
    colored: bool = False
    industry: str = ""
    language: str = ""
    zone: float | None = None
    owner: int | None = None
    owned_days: int | None = None
    holds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Holder:
    """A person or a pool that can own accounts; ``rules.pools`` says how members share their hours.

    Attributes:
        id: of a person; of a pool it is below 0, see ``rules.pools``.
        hours: a month over the weeks ahead for what they own themselves; 0 for none.
        lowest_tier: down to which tier they are given accounts; 0 for none at all.
        highest_tier: up to which; a pool is given none above it.
        zone: hours from UTC; None where it is not known. Of a pool ``zones`` are those of its members.
        days: in the team; None for longer than anybody remembers.
        leaves: they go within the weeks ahead, so that nothing may stay with them; a pool that is empty.
        members: of a pool: who shares it, each with the part that they carry of it; the parts make 1.
        whole: all hours of a person who has but a part of them for what they own.
        elsewhere: hours a month that they carry of pools that are not among these books.
    """

    id: int
    hours: float
    lowest_tier: int = 3
    languages: frozenset[str] = frozenset()
    industries: frozenset[str] = frozenset()
    zone: float | None = None
    days: int | None = None
    leaves: bool = False
    highest_tier: int = 1
    zones: frozenset[float] = frozenset()
    members: tuple[tuple[int, float], ...] = ()
    is_pool: bool = False
    whole: float | None = None
    elsewhere: float = 0.0

    @property
    def all_hours(self) -> float:
        """All hours that they can sustain."""
        return self.hours if self.whole is None else self.whole


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        free: accounts that may move; None for all of them.
        most_moves: None for any number; moves that must be do not count.
        is_full: whether books are placed anew, so that no other reason is needed.
        out: people who are given nothing and keep nothing.
        pins: the person each of these accounts must have.
        forbidden: people whom an account must not have.
        without: rules that do not hold this time.
    """

    free: frozenset[int] | None = None
    most_moves: int | None = None
    is_full: bool = False
    out: frozenset[int] = frozenset()
    pins: Mapping[int, int] = field(default_factory=dict)
    forbidden: Mapping[int, frozenset[int]] = field(default_factory=dict)
    without: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shares:
    """What share of a book may be red or yellow, and how many any book may hold, however small it is."""

    book: float
    any_book: float


Flags = npt.NDArray[np.bool_]


class Books:
    """Accounts × people: who may own what, and why not."""

    def __init__(self, clients: Sequence[Client], holders: Sequence[Holder], shares: Shares) -> None:
        """Hold who there is, and what of a book may be red or yellow."""
        self.clients, self.holders, self.shares = tuple(clients), tuple(holders), shares
        self.place = {each.id: place for place, each in enumerate(self.holders)}
        self.row = {each.id: place for place, each in enumerate(self.clients)}
        self.owner = np.array(
            [-1 if each.owner is None else self.place.get(each.owner, -1) for each in self.clients],
            dtype=np.int64,
        )
        self.hours = np.array([each.hours for each in self.holders], dtype=np.float64)
        self.gives = np.array([float(each.lowest_tier > 0) for each in self.holders], dtype=np.float64)
        self.speaks = self._speaks()
        tiers = np.array([each.tier for each in self.clients], dtype=np.int64)
        lowest = np.array([each.lowest_tier for each in self.holders], dtype=np.int64)
        highest = np.array([each.highest_tier for each in self.holders], dtype=np.int64)
        self.serves: Flags = (tiers[:, None] <= lowest[None, :]) & (tiers[:, None] >= highest[None, :])
        self.is_pool: Flags = np.array([each.is_pool for each in self.holders], dtype=np.bool_)
        self.displaced, self.counts_red = self._by_tier()

    def allowed(self, asked: Asked) -> Flags:
        """Return [accounts, people] who may own what by the rules that hold."""
        there = np.array([self._is_there(each, asked) for each in self.holders], dtype=np.bool_)
        allowed: Flags = np.broadcast_to(there, (len(self.clients), len(self.holders))).copy()
        if LANGUAGE not in asked.without:
            allowed &= self.speaks
        if ROLE not in asked.without:
            allowed &= self.serves
        if FORBID not in asked.without:
            for account, people in asked.forbidden.items():
                allowed[self.row[account], [self.place[each] for each in people if each in self.place]] = (
                    False
                )
        return allowed

    def must_move(self, asked: Asked) -> Flags:
        """Return [accounts] whether an account can't stay: its owner goes, or is ruled out by hand."""
        found = np.zeros(len(self.clients), dtype=np.bool_)
        for row, owner in enumerate(self.owner):
            if owner >= 0:
                who = self.holders[owner]
                ruled_out = who.id in asked.forbidden.get(self.clients[row].id, frozenset())
                found[row] = who.leaves or who.id in asked.out or (ruled_out and FORBID not in asked.without)
        return found

    def held(self, asked: Asked) -> Flags:
        """Return [accounts] whether a rule keeps an account with the owner it has."""
        rules = frozenset(HOLDS) - asked.without
        kept = np.array([bool(each.holds & rules) for each in self.clients], dtype=np.bool_)
        return np.asarray(kept & (self.owner >= 0))

    def mismatched(self, asked: Asked) -> Flags:
        """Return [accounts] whether the owner lacks the language, or serves other tiers.

        What only a pool serves, or no pool, may stay where it is: see ``displaced``.
        """
        lacks = np.zeros(len(self.clients), dtype=np.bool_)
        has = np.flatnonzero(self.owner >= 0)
        if LANGUAGE not in asked.without:
            lacks[has] |= ~self.speaks[has, self.owner[has]]
        if ROLE not in asked.without:
            lacks[has] |= ~self.serves[has, self.owner[has]] & ~self.displaced[has]
        return lacks

    def overloaded(self, limit: float) -> Flags:
        """Return [people] whose book is past what they can sustain, or past its share of red and yellow."""
        has = self.owner >= 0
        effort = np.array([each.effort for each in self.clients], dtype=np.float64)
        red = np.array([float(each.colored) for each in self.clients], dtype=np.float64)
        many = len(self.holders)
        carried = self.carried(np.bincount(self.owner[has], effort[has], many).astype(np.float64))
        has &= self.counts_red
        reds, count = (
            np.bincount(self.owner[has], red[has], many),
            np.bincount(self.owner[has], minlength=many),
        )
        past = reds > np.maximum(self.shares.book * count, self.shares.any_book) + 1e-9
        return np.asarray((carried > limit * self.all_hours + 1e-9) | past)

    def carried(self, own: Floats) -> Floats:
        """Return [people] the hours of what each owns and of pools they share; of a pool, its members'."""
        found = own + np.array([each.elsewhere for each in self.holders], dtype=np.float64)
        for pool, members, parts in self.shared:
            found[members] += own[pool] * parts
        for pool, members, _ in self.shared:
            found[pool] = found[members].sum()
        return found

    @cached_property
    def shared(self) -> tuple[tuple[int, Places, Floats], ...]:
        """The pools with members among these people: their place, those of the members, the part of each."""
        found = []
        for place, each in enumerate(self.holders):
            parts = [(self.place[who], part) for who, part in each.members if who in self.place]
            if parts:
                members, part = zip(*parts, strict=True)
                found.append((place, np.array(members, dtype=np.int64), np.array(part, dtype=np.float64)))
        return tuple(found)

    @cached_property
    def all_hours(self) -> Floats:
        """[people] all hours that each can sustain; of a pool, those of its members."""
        found = np.array([each.all_hours for each in self.holders], dtype=np.float64)
        for pool, members, _ in self.shared:
            found[pool] = found[members].sum()
        return found

    def _by_tier(self) -> tuple[Flags, Flags]:
        """[accounts] whether its tier is served otherwise than it is, and whether it counts as red or yellow.

        Held by name while only pools serve it, or by a pool that does not; what a pool alone serves and no
        person has does not count.
        """
        none = np.zeros(len(self.clients), dtype=np.bool_)
        if not self.is_pool.any():
            return none, ~none
        by_name, pooled = (self.serves[:, which].any(axis=1) for which in (~self.is_pool, self.is_pool))
        in_pool, has, fits = np.append(self.is_pool, False)[self.owner], self.owner >= 0, none
        fits[has] = self.serves[has, self.owner[has]]
        displaced = has & ~fits & (in_pool | (pooled & ~by_name))
        return displaced, by_name | ~pooled | (has & ~in_pool)

    def _speaks(self) -> Flags:
        wanted = sorted({each.language for each in self.clients if each.language})
        knows = np.array(
            [[True, *(language in each.languages for language in wanted)] for each in self.holders],
            dtype=np.bool_,
        ).reshape(len(self.holders), len(wanted) + 1)
        column = {language: place + 1 for place, language in enumerate(wanted)}
        asked = np.array([column.get(each.language, 0) for each in self.clients], dtype=np.int64)
        return np.asarray(knows.T[asked])

    def _is_there(self, who: Holder, asked: Asked) -> bool:
        able = who.hours > 0 or CAPACITY in asked.without
        return able and not who.leaves and who.id not in asked.out
