"""Who carries the effort of the weeks ahead: owners, covers, receivers of what is handed over, pools, nobody.

An account that is being handed over is its receiver's from its day on, until it goes back. A pool is
shared by its members as each can sustain in that week. What an absent person owns is the named cover's on
the days away.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evenbook.capacity.rules.sustained import Sustained, Team
from evenbook.throughput.rules.ahead_effort import PERSON, POOL, Ahead, Worker


@dataclass(frozen=True)
class Handed:
    """An account that goes from one person to another on a day, and back on another."""

    account: int
    giver: int
    receiver: int
    first_on: date
    back_on: date | None


@dataclass(frozen=True)
class Member:
    """A person's time in a pool, half-open in days."""

    pool: int
    person: int
    since_on: date
    until_on: date | None


@dataclass(frozen=True)
class Part:
    """A part of a week's effort: hours a month, whose it is, who carries it, how, and why nobody does."""

    account: int | None
    owner: int | None
    person: int | None
    how: str
    why: str
    hours: float


class Carrying:
    """Who carries what in each of the weeks ahead."""

    def __init__(
        self, team: Team, days: Sequence[date], handed: Iterable[Handed] = (), members: Iterable[Member] = ()
    ) -> None:
        """Hold who is there when, the last day of each week, what is handed over, who is in which pool."""
        self.team, self.days = team, tuple(days)
        self.handed: dict[int, list[Handed]] = defaultdict(list)
        for each in handed:
            self.handed[each.account].append(each)
        self._can: dict[tuple[int, int], Sustained] = {}
        self.members = tuple(members)
        self._pools = [self._shares(self.members, place) for place in range(len(self.days))]

    def can(self, person: int, place: int) -> Sustained:
        """Return what somebody of the team can sustain in a week."""
        if (person, place) not in self._can:
            self._can[person, place] = self.team.sustained(person, self.days[place])
        return self._can[person, place]

    def book(self, worker: Worker, hours: float, place: int) -> Iterator[Part]:
        """Return who carries the hours of one worker's book in a week."""
        kind, who = worker
        if kind == PERSON:
            for share in self.team.shares(who, self.days[place]):
                yield Part(None, who, share.person, share.how, share.why, hours * share.part)
        elif kind == POOL and self._pools[place].get(who):
            for person, part in self._pools[place][who].items():
                yield Part(None, None, person, "pool", "", hours * part)
        else:
            yield Part(None, None, None, "uncovered", "pool is empty" if kind == POOL else "nobody", hours)

    def account(self, each: Ahead, place: int) -> Iterator[Part]:
        """Return who carries one account in a week; the part of it that a role takes is not handed over."""
        kind, who = each.workers[place]
        handed = self.handed.get(each.account, ()) if kind == PERSON and not each.is_part else ()
        rows = [row for row in handed if row.giver == who]
        if not rows:
            for part in self.book((kind, who), each.hours[place], place):
                yield replace(part, account=each.account)
            return
        days = self.team.days(self.days[place]) or (self.days[place],)
        for day in days:
            holds = [
                row for row in rows if row.first_on <= day and (row.back_on is None or day < row.back_on)
            ]
            owner = holds[-1].receiver if holds else who
            person, how, why = self.team.carrier(owner, day)
            named = "handed" if holds and how == "own" else how
            yield Part(each.account, owner, person, named, why, each.hours[place] / len(days))

    def _shares(self, members: Sequence[Member], place: int) -> dict[int, dict[int, float]]:
        """Return of each pool which part each member carries in a week."""
        day = self.days[place]
        hours: dict[int, dict[int, float]] = defaultdict(dict)
        for each in members:
            is_in = each.since_on <= day and (each.until_on is None or each.until_on > day)
            able = self.can(each.person, place).hours if each.person in self.team.people else None
            if is_in and able:
                hours[each.pool][each.person] = able
        return {
            pool: {who: part / sum(each.values()) for who, part in each.items()}
            for pool, each in hours.items()
        }
