"""Teams that could be: whether one of them can keep every rule, and how few people none can do with.

A team is asked whether it could have all accounts, not who has them now. What keeps an account where it is
for a while (an escalation, a renewal, a change of owner) says nothing of how many people there must be, and
is left out; whom an account is locked to by request is in every team.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.books import (
    CAPACITY,
    ESCALATION,
    LANGUAGE,
    LOCK,
    PIN,
    RECENT,
    RENEWAL,
    ROLE,
    Asked,
    Books,
    Client,
    Holder,
)
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.hires import Hire, hired
from evenbook.balance.rules.posed import Posed, limits_alone, pose
from evenbook.engine.assignment import Staffing, fewest, solve
from evenbook.engine.given_arrays import Flags, Places

PASSING = frozenset({ESCALATION, RENEWAL, RECENT})
"""Rules that hold an account for a while."""

SHARES_OF_A_TEAM = (0.1, 0.4)
"""Of the seconds asked for, what one team is looked at for, and again where it did not do."""


@dataclass(frozen=True)
class Teams:
    """All accounts, and anybody who could have them.

    Attributes:
        present: people who are there and may be given accounts.
        kinds: whom one could hire.
        limit: the most that a person may carry, as a share of what they can sustain.
    """

    books: Books
    asked: Asked
    numbers: BalanceNumbers
    limit: float
    effort: Effort
    present: tuple[Holder, ...]
    kinds: tuple[Hire, ...]
    _held: dict[tuple[int, ...], bool] = field(default_factory=dict)

    def holds(self, people: Sequence[Holder], hires: Sequence[Hire] = ()) -> bool:
        """Return whether a plan was found in which these people and hires keep every rule."""
        if not self.needed <= {each.id for each in people}:
            return False
        key = (*sorted(each.id for each in people), *(-1 - self.kinds.index(each) for each in hires))
        if key not in self._held:
            self._held[key] = self._finds(people, hires)
        return self._held[key]

    @property
    def needed(self) -> frozenset[int]:
        """The people who must be in any team: an account is locked to them, or pinned."""
        locked = {each.owner for each in self.books.clients if LOCK in each.holds - self.asked.without}
        pinned = set() if PIN in self.asked.without else set(self.asked.pins.values())
        return frozenset(each.id for each in self.present if each.id in locked | pinned)

    def posed(self, people: Sequence[Holder], hires: Sequence[Hire] = ()) -> Posed:
        """Return the assignment of all accounts to these people, as when all books are placed anew."""
        team = [*people, *hired(hires, self.books.clients, self.present)]
        books = Books(self._clients(people), team, self.books.shares)
        return pose(books, self.asked, self.numbers, limit=self.limit)

    def placed(self, people: Sequence[Holder], hires: Sequence[Hire] = ()) -> tuple[Posed, Places] | None:
        """Return a plan in which these people and hires keep every rule; None where none was found."""
        posed = self.posed(people, hires)
        for turn, share in enumerate(SHARES_OF_A_TEAM):
            found = solve(
                limits_alone(posed, turn),
                seconds=share * self.effort.seconds,
                seed=self.effort.seed + turn,
                stop=self.effort.stop,
            )
            if found.value.feasible:
                return posed, found.plan
        return None

    def staffing(self) -> Staffing:
        """Return work and room by classes: tier × required language, in hours a month."""
        clients = self.books.clients
        classes = sorted({_class(each) for each in clients})
        column = {each: place for place, each in enumerate(classes)}
        work = np.zeros(len(classes))
        for each in clients:
            work[column[_class(each)]] += max(0.0, each.effort)
        return Staffing(
            work if CAPACITY not in self.asked.without else np.zeros(len(classes)),
            self._may(classes, self.present),
            self.limit * np.array([each.hours for each in self.present]),
            self._may(classes, hired(self.kinds, clients, self.present)),
            self.limit * np.array([each.hours for each in self.kinds]),
        )

    def _may(self, classes: Sequence[tuple[int, str]], people: Sequence[Holder]) -> Flags:
        free = self.asked.without
        return np.array(
            [
                [
                    (ROLE in free or tier <= each.lowest_tier)
                    and (LANGUAGE in free or not language or language in each.languages)
                    for each in people
                ]
                for tier, language in classes
            ],
            dtype=np.bool_,
        ).reshape(len(classes), len(people))

    def _finds(self, people: Sequence[Holder], hires: Sequence[Hire]) -> bool:
        if not self.books.clients or not (people or hires):
            return not self.books.clients
        if not hires and not self._has_room(people):
            return False
        return self.placed(people, hires) is not None

    def _has_room(self, people: Sequence[Holder]) -> bool:
        """Return whether these people have the hours for each class, which no plan can do without."""
        places = np.array([self.present.index(each) for each in people], dtype=np.int64)
        every = self.staffing()
        none = np.zeros((len(every.work), 0), dtype=np.bool_)
        some = Staffing(every.work, every.may[:, places], every.room[places], none, np.zeros(0))
        return fewest(some, all_stay=True) is not None

    def _clients(self, people: Sequence[Holder]) -> list[Client]:
        """The accounts; those whose owner is not in the team are nobody's, and nothing keeps them."""
        there = {each.id for each in people}
        return [
            each if each.owner in there else replace(each, owner=None, holds=frozenset())
            for each in self.books.clients
        ]


def teams_of(
    books: Books,
    asked: Asked,
    numbers: BalanceNumbers,
    *,
    limit: float,
    effort: Effort,
    hires: Sequence[Hire],
) -> Teams:
    """Return the teams that the people of these books, and hires, could be."""
    present = tuple(
        each
        for each in books.holders
        if each.hours > 0 and each.lowest_tier > 0 and not each.leaves and each.id not in asked.out
    )
    wider = replace(asked, without=asked.without | PASSING, most_moves=None, is_full=True, free=None)
    return Teams(books, wider, numbers, limit, effort, present, tuple(hires))


def _class(client: Client) -> tuple[int, str]:
    return client.tier, client.language
