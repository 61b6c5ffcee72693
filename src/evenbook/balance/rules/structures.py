"""The four structures of a team on one's own accounts: people, evenness, handoffs, cost, and which one fits.

The same hours are split in four ways. A part that is held by name is placed anew by the optimizer, among as
many full people of it as must be; a queue takes as many as its hours need, and shares them evenly. An account
changes hands when it goes into a stage or a tier that other people serve; each time takes hours of its own.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

from evenbook.balance.numbers import BalanceNumbers
from evenbook.balance.numbers.structures import (
    QUEUE,
    SEGMENT,
    STRUCTURES,
    Part,
    StructuresNumbers,
)
from evenbook.balance.rules.books import RED_YELLOW, Asked, Books, Client, Shares
from evenbook.balance.rules.bounding import Effort
from evenbook.balance.rules.explained import book_rows
from evenbook.balance.rules.headcount import smallest_team
from evenbook.balance.rules.hires import Template, kinds
from evenbook.balance.rules.packed import packed
from evenbook.balance.rules.posed import Posed
from evenbook.balance.rules.teams import Teams, teams_of
from evenbook.engine.given_arrays import Places

Told = Callable[[int, int], None]

MONTHS = 12
LOWEST = 4


@dataclass(frozen=True)
class Served:
    """An account as structures serve it; ``client`` has its hours a month, revenue, tier, complexity.

    ``passed`` are (tier, stage) that it stood in during the last year, oldest first, the present one last.
    """

    client: Client
    segment: str
    stage: str
    passed: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True)
class PartFound:
    """A part of a structure on these accounts.

    Attributes:
        accounts, hours: served, and hours a month that they take, changes of hands included.
        people: full people that it needs; None where an account takes more than one person has.
        at_least: no fewer can.
        loads: the load of each of them.
        cost: a year.
    """

    part: Part
    accounts: int
    hours: float
    people: int | None
    at_least: int
    loads: tuple[float, ...]
    cost: float


@dataclass(frozen=True)
class Structure:
    """One structure on these accounts; ``left_over`` hours a month that no part serves."""

    name: str
    parts: tuple[PartFound, ...]
    handoffs: float
    left_over: float

    @property
    def title(self) -> str:
        """Return its name in words."""
        return STRUCTURES[self.name]

    @property
    def people(self) -> int | None:
        """Return how many full people it needs; None where a part can't be served."""
        many = [each.people for each in self.parts]
        return None if None in many else sum(each for each in many if each is not None)

    @property
    def cost(self) -> float:
        """Return what they cost a year."""
        return sum(each.cost for each in self.parts)

    @property
    def spread(self) -> tuple[float, float] | None:
        """Return the lowest and the highest load of its people; None without people."""
        loads = [load for each in self.parts for load in each.loads]
        return (min(loads), max(loads)) if loads else None


def structures(
    accounts: Sequence[Served],
    numbers: StructuresNumbers,
    balance: BalanceNumbers,
    *,
    hours: float,
    limit: float,
    shares: Shares,
    effort: Effort,
    told: Told = lambda done, total: None,
) -> tuple[Structure, ...]:
    """Return what each of the four would need for these accounts.

    Args:
        hours: that a full person sustains a month.
        limit: the most that a person may carry, as a share of that.
        shares: of a book that may be red or yellow.
        effort: how hard each part is placed.
        told: called with how many of the structures are done, of how many.
    """
    work, found = _Work(balance, hours, limit, shares, effort), list[Structure]()
    for name in STRUCTURES:
        told(len(found), len(STRUCTURES))
        found.append(_structure(name, accounts, numbers, work))
    told(len(found), len(STRUCTURES))
    return tuple(found)


@dataclass(frozen=True)
class _Work:
    balance: BalanceNumbers
    hours: float
    limit: float
    shares: Shares
    effort: Effort


def _structure(name: str, accounts: Sequence[Served], numbers: StructuresNumbers, work: _Work) -> Structure:
    parts = [each for each in numbers.parts if each.structure == name]
    handoffs = {each.client.id: _handoffs(each, parts) for each in accounts}
    found = tuple(_part(part, list(_in(part, accounts, handoffs, numbers)), work) for part in parts)
    shares = [sum(p.share for p in parts if p.serves(each.client.tier, each.stage)) for each in accounts]
    served = sum(each.client.effort * share for each, share in zip(accounts, shares, strict=True))
    every = sum(each.client.effort for each in accounts)
    a_year = sum(handoffs.values()) / len(accounts) if accounts else 0.0
    return Structure(name, found, a_year, max(0.0, every - served))


def _handoffs(each: Served, parts: Sequence[Part]) -> int:
    """Return how often who serves an account changed in the year: into a stage or tier of other parts."""

    def who(place: tuple[int, str]) -> frozenset[str]:
        return frozenset(part.part for part in parts if part.serves(*place))

    hands = [who(place) for place in each.passed]
    return sum(now != before for before, now in zip(hands, hands[1:], strict=False))


def _in(
    part: Part, accounts: Sequence[Served], handoffs: Mapping[int, int], numbers: StructuresNumbers
) -> Iterator[tuple[str, Client]]:
    """Yield the accounts that a part serves, with their segment and the hours that it takes of each."""
    for each in accounts:
        if part.serves(each.client.tier, each.stage):
            more = handoffs[each.client.id] * numbers.handoff_hours / MONTHS
            taken = part.share * (each.client.effort + more)
            yield each.segment, replace(each.client, effort=taken, tier=1, owner=None, holds=frozenset())


def _part(part: Part, served: list[tuple[str, Client]], work: _Work) -> PartFound:
    hours = sum(client.effort for _, client in served)
    if part.held == QUEUE:
        found = [_queue(hours, work)]
    else:
        groups: dict[str, list[Client]] = defaultdict(list)
        for segment, client in served:
            groups[segment if part.held == SEGMENT else ""].append(client)
        found = [_named(clients, work) for _, clients in sorted(groups.items())]
    many = [people for people, _, _ in found]
    people = None if None in many else sum(each for each in many if each is not None)
    return PartFound(
        part=part,
        accounts=len(served),
        hours=hours,
        people=people,
        at_least=sum(least for _, least, _ in found),
        loads=tuple(load for _, _, loads in found for load in loads),
        cost=(people or 0) * part.cost,
    )


def _queue(hours: float, work: _Work) -> tuple[int | None, int, tuple[float, ...]]:
    people = ceil(hours / (work.limit * work.hours) - 1e-9)
    return people, people, (hours / (people * work.hours),) * people if people else ()


def _named(clients: list[Client], work: _Work) -> tuple[int | None, int, tuple[float, ...]]:
    """Return the fewest full people who can have these accounts by name, and their loads placed evenly."""
    if not sum(each.effort for each in clients):
        return 0, 0, ()
    templates = [Template("person", work.hours, LOWEST)]
    books = Books(clients, [], work.shares)
    asked = Asked(is_full=True, without=frozenset({RED_YELLOW}))
    able = kinds(clients, [], templates)
    teams = teams_of(books, asked, work.balance, limit=work.limit, effort=work.effort, hires=able)
    hires, bound, placed = _fewest(teams, work)
    if placed is None:
        return None, bound, ()
    posed, begun = placed
    evened = work.effort.solved(posed, 1.0, begun)
    plan = evened.plan if evened.value.feasible else begun
    loads = tuple(row.load or 0.0 for row in book_rows(posed.books, posed.person_of(plan)))
    return hires, bound, loads


def _fewest(teams: Teams, work: _Work) -> tuple[int, int, tuple[Posed, Places] | None]:
    """Return the fewest people found, what no team is smaller than, and a plan of theirs.

    They are all alike, so that to hand accounts out by size mostly does with no more than the hours need.
    """
    hours = [each.effort for each in teams.books.clients]
    room = work.limit * work.hours
    needed = max(1, ceil(sum(hours) / room - 1e-9))
    places = packed(hours, needed, room)
    if places is not None:
        posed = teams.posed((), (teams.kinds[0],) * needed)
        return needed, needed, (posed, posed.arcs_of(places))
    _, hires, bound = smallest_team(teams, teams.staffing())
    return len(hires), bound or 0, teams.placed((), hires) if hires else None


def structure_document(each: Structure, arr: float) -> dict[str, Any]:
    """Return a structure as programs get it; ``arr`` is a year's revenue of its accounts."""
    low, high = each.spread or (None, None)
    parts = [
        {
            "part": found.part.part,
            "held": found.part.held,
            "from_tier": found.part.from_tier,
            "to_tier": found.part.to_tier,
            "stages": found.part.stages.split(),
            "accounts": found.accounts,
            "hours": found.hours,
            "people": found.people,
            "at_least": found.at_least,
            "cost": found.cost,
        }
        for found in each.parts
    ]
    return {
        "structure": each.name,
        "structure_name": each.title,
        "people": each.people,
        "cost": each.cost,
        "cost_share_of_arr": each.cost / arr if arr else None,
        "load_lowest": low,
        "load_highest": high,
        "handoffs_per_account": each.handoffs,
        "left_over_hours": each.left_over,
        "parts": parts,
    }
