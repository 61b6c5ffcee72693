"""How many people are needed: the smallest team that keeps every rule, and what one more is worth.

From above a plan proves that a team can: people are added by what the rules need most until one is found,
then taken out one by one. From below the work is counted by classes of tier and language, and no team whose
hours do not reach for the classes can. Where the two meet the number is the smallest; where not, both are
said. Where everybody who is there is too few, hires are added, full people of a role.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.rules.books import CAPACITY, LOCK, ROLE, Asked, Books, Holder
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.hires import Hire, Template, kinds
from evenbook.balance.rules.teams import Teams, teams_of
from evenbook.balance.rules.worth import OneMore, worth_of_one
from evenbook.engine.assignment import Fewest, Staffing, fewest
from evenbook.engine.given_arrays import Flags

MOST_TAKEN_OUT = 12
"""So many people are tried to do without, one by one: each takes a while."""

MOST_HIRES = 256
"""So many more than must be are looked at, where fewer hires do not do."""


@dataclass(frozen=True)
class RoleCount:
    """How many of a role there are and are needed; no team has fewer than ``at_least`` of it."""

    role: str
    have: int
    needed: int | None
    at_least: int | None


@dataclass(frozen=True)
class Unmanned:
    """Accounts that no number of people can have: more hours than one person has, or a tier nobody serves.

    ``locked`` has people whom accounts locked to them overload by themselves.
    """

    too_large: tuple[int, ...] = ()
    unserved: tuple[int, ...] = ()
    locked: tuple[int, ...] = ()


@dataclass(frozen=True)
class Headcount:
    """How many people are needed.

    Attributes:
        have: how many are there who may be given accounts.
        needed: the smallest team found that keeps every rule, hires included; None where none was.
        lower_bound: no team is smaller; None where no team can.
        hires: whom it takes besides everybody who is there.
        team: the ids of those of the people there who are in it.
        roles: the same by role.
        idle: how many more are there, but away for all the weeks, or leaving.
    """

    have: int
    needed: int | None
    lower_bound: int | None
    hires: tuple[Hire, ...]
    team: tuple[int, ...]
    roles: tuple[RoleCount, ...]
    idle: int
    one: OneMore
    unmanned: Unmanned = field(default_factory=Unmanned)

    @property
    def is_proven(self) -> bool:
        """Whether no smaller team can."""
        return self.needed is not None and self.needed == self.lower_bound


def headcount(
    books: Books,
    asked: Asked,
    numbers: BalanceNumbers,
    *,
    limit: float,
    effort: Effort,
    roles: Mapping[int, str],
    templates: Sequence[Template],
) -> Headcount:
    """Return how many people these books need.

    Args:
        limit: the most that a person may carry, as a share of what they can sustain.
        roles: by person.
        templates: the roles that accounts are given to.
    """
    able = kinds(books.clients, [each for each in books.holders if each.hours > 0], templates)
    teams = teams_of(books, asked, numbers, limit=limit, effort=effort, hires=able)
    staffing, unmanned = teams.staffing(), _unmanned(teams)
    people, hires, bound = smallest_team(teams, staffing) if unmanned == Unmanned() else ((), (), None)
    found = bool(people or hires or not books.clients)
    served = [each for each in books.holders if each.lowest_tier > 0]
    return Headcount(
        have=len(teams.present),
        needed=len(people) + len(hires) if found else None,
        lower_bound=bound,
        hires=hires,
        team=tuple(sorted(each.id for each in people)),
        roles=_by_role(teams, staffing, (people, hires), roles, found=found),
        idle=len(served) - len(teams.present),
        one=worth_of_one(teams, _ranked(teams, None)),
        unmanned=unmanned,
    )


def smallest_team(
    teams: Teams, staffing: Staffing
) -> tuple[tuple[Holder, ...], tuple[Hire, ...], int | None]:
    """Return the people and the hires of the smallest team found, and what no team is smaller than."""
    least = fewest(_without_kinds(staffing), staying=_staying(teams))
    if least is not None:
        order = _ranked(teams, least)
        if teams.holds(order):
            return _fewer(teams, order, least.bound), (), least.bound
    return _with_hires(teams, staffing)


def _fewer(teams: Teams, order: Sequence[Holder], bound: int) -> tuple[Holder, ...]:
    """Return the first of an order that can do, less those whom it can do without."""
    low, high = max(bound, min(1, len(order))), len(order)
    needed = teams.needed
    if teams.holds(order[:low]):
        high = low
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if teams.holds(order[:middle]) else (middle, high)
    team = list(order[:high])
    for each in [each for each in reversed(team) if each.id not in needed][:MOST_TAKEN_OUT]:
        if len(team) <= bound:
            break
        fewer = [other for other in team if other is not each]
        if teams.holds(fewer):
            team = fewer
    return tuple(team)


def _with_hires(teams: Teams, staffing: Staffing) -> tuple[tuple[Holder, ...], tuple[Hire, ...], int | None]:
    """Return everybody and the fewest hires found with whom they can; nobody where none were found."""
    least = fewest(staffing, all_stay=True)
    if least is None:
        return (), (), None
    present, bound = len(teams.present), least.bound
    low, more = bound - 1, 0
    found = _these(teams, least)
    while not teams.holds(teams.present, found):
        low, more = bound + more, 2 * more or 1
        found = _at_least(teams, staffing, bound + more)
        if more > MOST_HIRES or not found:
            return (), (), present + bound
    high = len(found)
    while high - low > 1:
        middle = (low + high) // 2
        some = _at_least(teams, staffing, middle)
        low, high, found = (low, middle, some) if teams.holds(teams.present, some) else (middle, high, found)
    return teams.present, found, present + bound


def _at_least(teams: Teams, staffing: Staffing, many: int) -> tuple[Hire, ...]:
    least = fewest(staffing, all_stay=True, at_least=many)
    return () if least is None else _these(teams, least)


def _these(teams: Teams, least: Fewest) -> tuple[Hire, ...]:
    return tuple(kind for kind, many in zip(teams.kinds, least.kinds, strict=True) for _ in range(many))


def _ranked(teams: Teams, least: Fewest | None) -> list[Holder]:
    """Return the people by need: those of the smallest team by classes, then who can do what few can."""
    chosen = set() if least is None else {teams.present[place].id for place in least.persons}
    staffing = teams.staffing()
    speak = np.maximum(staffing.may @ staffing.room if len(teams.present) else np.zeros(0), 1e-9)
    scarce = (staffing.work / speak) if len(teams.present) else speak
    rare = [float(scarce[staffing.may[:, place]].max(initial=0.0)) for place in range(len(teams.present))]
    needed = teams.needed
    order = sorted(
        range(len(teams.present)),
        key=lambda place: (
            teams.present[place].id not in needed,
            teams.present[place].id not in chosen,
            -round(rare[place], 9),
            -teams.present[place].hours,
            teams.present[place].id,
        ),
    )
    return [teams.present[place] for place in order]


def _staying(teams: Teams) -> Flags:
    needed = teams.needed
    return np.array([each.id in needed for each in teams.present], dtype=np.bool_)


def _without_kinds(staffing: Staffing) -> Staffing:
    none = np.zeros((len(staffing.work), 0), dtype=np.bool_)
    return replace(staffing, kind_may=none, kind_room=np.zeros(0))


def _unmanned(teams: Teams) -> Unmanned:
    """Return the accounts that nobody there, and nobody whom one could hire, can ever have."""
    anybody = [(each.lowest_tier, each.hours) for each in teams.present]
    anybody += [(each.lowest_tier, each.hours) for each in teams.kinds]
    too_large, unserved, locked = [], [], dict[int, float]()
    for each in teams.books.clients:
        rooms = [
            teams.limit * hours
            for lowest, hours in anybody
            if ROLE in teams.asked.without or each.tier <= lowest
        ]
        if not rooms:
            unserved.append(each.id)
        elif CAPACITY not in teams.asked.without and each.effort > max(rooms) + 1e-6:
            too_large.append(each.id)
        if LOCK in each.holds - teams.asked.without and each.owner is not None:
            locked[each.owner] = locked.get(each.owner, 0.0) + each.effort
    over = [
        each.id
        for each in teams.present
        if CAPACITY not in teams.asked.without and locked.get(each.id, 0.0) > teams.limit * each.hours + 1e-6
    ]
    return Unmanned(tuple(too_large), tuple(unserved), tuple(over))


def _by_role(
    teams: Teams,
    staffing: Staffing,
    team: tuple[Sequence[Holder], Sequence[Hire]],
    roles: Mapping[int, str],
    *,
    found: bool,
) -> tuple[RoleCount, ...]:
    people, hires = team
    names = sorted({*(roles[each.id] for each in teams.present), *(each.role for each in teams.kinds)})
    rows = []
    for name in names:
        have = sum(roles[each.id] == name for each in teams.present)
        needed = sum(roles[each.id] == name for each in people) + sum(each.role == name for each in hires)
        rows.append(RoleCount(name, have, needed if found else None, _least_of(teams, staffing, name, roles)))
    return tuple(rows)


def _least_of(teams: Teams, staffing: Staffing, name: str, roles: Mapping[int, str]) -> int | None:
    """Return what no team has fewer of a role than, however many of the others there are."""
    counted = np.array([roles[each.id] == name for each in teams.present], dtype=np.bool_)
    least = fewest(_without_kinds(staffing), counted=counted, staying=_staying(teams))
    if least is not None:
        return least.bound
    others = [each.role != name for each in teams.kinds]
    with_all = fewest(staffing, all_stay=True)
    if with_all is None:
        return None
    return int(counted.sum()) + (0 if any(others) else with_all.bound)
