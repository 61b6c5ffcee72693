"""The load of each person in the weeks ahead, from what is known today, and the weeks that stand out.

A week's load is the effort that somebody carries in it over what they can sustain in it: `ahead_effort`
says what accounts take, `capacity.rules.sustained` what people can, `ahead_carried` who carries what.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, field, fields
from datetime import date
from typing import Any

from evenbook.capacity.rules.sustained import Sustained
from evenbook.throughput.rules.ahead_carried import Carrying, Part
from evenbook.throughput.rules.ahead_effort import Ahead, Worker
from evenbook.throughput.rules.clusters import Cluster, clusters

PARTS = len(fields(Sustained))
NOBODY = ("nobody", "pool is empty", "away", "not there")


@dataclass(frozen=True)
class Cell:
    """A person's week ahead: what they can sustain and what they carry, in hours a month."""

    can: Sustained
    own: float = 0.0
    cover: float = 0.0
    handed: float = 0.0
    pool: float = 0.0
    uncovered: float = 0.0

    def kept(self) -> list[float | None]:
        """Return it as plain numbers, in the order in which ``of_kept`` takes them."""
        return [*astuple(self.can), self.own, self.cover, self.handed, self.pool, self.uncovered]

    @classmethod
    def of_kept(cls, numbers: Sequence[Any]) -> Cell:
        """Return the cell that was kept as these numbers."""
        return cls(Sustained(*numbers[:PARTS]), *numbers[PARTS:])

    @property
    def effort(self) -> float:
        """All that they carry."""
        return self.own + self.cover + self.handed + self.pool

    @property
    def load(self) -> float | None:
        """Effort over capacity; None where there is no capacity."""
        return self.effort / self.can.hours if self.can.hours else None

    @property
    def is_away(self) -> bool:
        """Whether they work on no day of the week."""
        return (
            self.can.hours is not None and self.can.days > 0 and self.can.away + self.can.off == self.can.days
        )


@dataclass(frozen=True)
class Weeks:
    """The weeks ahead: their last days, each person's cells, and what nobody carries, by why."""

    days: tuple[date, ...]
    cells: Mapping[int, tuple[Cell, ...]]
    uncovered: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def weeks_ahead(accounts: Iterable[Ahead], carrying: Carrying, people: Iterable[int]) -> Weeks:
    """Return the weeks of these people of the team, from what each account takes and who carries what."""
    sums: Sums = defaultdict(lambda: [0.0] * len(carrying.days))
    books: dict[Worker, list[float]] = defaultdict(lambda: [0.0] * len(carrying.days))
    for each in accounts:
        if each.account in carrying.handed:
            for place in range(len(carrying.days)):
                _add(sums, carrying.account(each, place), place)
            continue
        for place, (worker, hours) in enumerate(zip(each.workers, each.hours, strict=True)):
            books[worker][place] += hours
    for worker, weeks in books.items():
        for place, hours in enumerate(weeks):
            _add(sums, carrying.book(worker, hours, place), place)
    return Weeks(carrying.days, _cells(carrying, people, sums), _nobody(sums, len(carrying.days)))


Sums = dict[tuple[int | None, str, str], list[float]]
"""Hours by week, by person, how it is carried, and why it is not."""


def _add(sums: Sums, parts: Iterable[Part], place: int) -> None:
    for part in parts:
        who = part.owner if part.person is None else part.person
        sums[who, part.how, part.why][place] += part.hours


def _cells(carrying: Carrying, people: Iterable[int], sums: Sums) -> dict[int, tuple[Cell, ...]]:
    gap = [0.0] * len(carrying.days)
    found = {}
    for person in people:
        own, cover, handed, pool, away, gone = (
            sums.get((person, how, why), gap)
            for how, why in (
                ("own", ""), ("cover", ""), ("handed", ""), ("pool", ""), ("uncovered", "away"),
                ("uncovered", "not there"),
            )
        )  # fmt: skip
        found[person] = tuple(
            Cell(
                carrying.can(person, place), own[place], cover[place], handed[place], pool[place],
                away[place] + gone[place],
            )
            for place in range(len(carrying.days))
        )  # fmt: skip
    return found


def _nobody(
    sums: Mapping[tuple[int | None, str, str], list[float]], count: int
) -> dict[str, tuple[float, ...]]:
    found = {why: [0.0] * count for why in NOBODY}
    for (_, how, why), hours in sums.items():
        if how == "uncovered":
            found[why] = [before + more for before, more in zip(found[why], hours, strict=True)]
    return {why: tuple(hours) for why, hours in found.items() if any(hours)}


@dataclass(frozen=True)
class Absent:
    """A week in which several people of a team are away: how many, and which share of its days."""

    week: int
    people: tuple[int, ...]
    share: float


def absences(cells: Mapping[int, Sequence[Cell]], *, least: int, share: float) -> tuple[Absent, ...]:
    """Return the weeks in which several people of one team are on leave at once.

    Args:
        cells: of the people of one team.
        least: how many people make it several.
        share: which share of the team's working days they must miss.
    """
    found = []
    for week in range(max((len(each) for each in cells.values()), default=0)):
        days = sum(each[week].can.days for each in cells.values())
        gone = {person: each[week].can.away for person, each in cells.items() if each[week].can.away}
        if len(gone) >= least and days and sum(gone.values()) / days >= share:
            found.append(Absent(week, tuple(gone), sum(gone.values()) / days))
    return tuple(found)


def renewal_clusters(
    renewals: Iterable[date], accounts: int, *, within: int, least: int, share: float
) -> tuple[Cluster, ...]:
    """Return where the renewals of one book cluster.

    Args:
        renewals: the day of each that is looked at.
        accounts: how many accounts the book has.
        within: days looked at together.
        least: how many renewals make a cluster at least.
        share: which share of the book they must be.
    """
    needed = max(least, -int(-share * accounts // 1))
    return clusters(renewals, within=within, least=needed)


def runs_over(loads: Sequence[float | None], *, above: float, weeks: int) -> tuple[tuple[int, int], ...]:
    """Return the stretches of at least ``weeks`` weeks above a load: the first place and the last.

    Args:
        loads: a week each; None, where somebody is away, neither ends a stretch nor counts.
        above: the load, 1 is full.
        weeks: how many weeks make a stretch.
    """
    found: list[list[int]] = []
    held: list[int] = []
    for place, load in enumerate(loads):
        if load is not None and load > above:
            held.append(place)
        elif load is not None:
            found.append(held)
            held = []
    return tuple((each[0], each[-1]) for each in [*found, held] if len(each) >= weeks)
