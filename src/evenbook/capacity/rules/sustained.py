"""What each person can sustain in the weeks ahead, and who carries whose book on which days.

A week's capacity is the formula of the profile with the availability of that week alone: monthly hours ×
working share × ramp × availability + adjustments. Who is away does not carry: on each working day a book
is its owner's, else the named cover's, else nobody's. A public holiday leaves it where it is.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Person:
    """Somebody of the team, as far as their weeks go."""

    id: int
    started_on: date | None
    left_on: date | None
    working_share: float
    monthly_hours: float | None
    region: str


@dataclass(frozen=True)
class Away:
    """Days of leave, both of them included, and who covers."""

    person: int
    first_on: date
    last_on: date
    cover: int | None


@dataclass(frozen=True)
class More:
    """Hours a month more or less, in its days."""

    person: int
    first_on: date
    last_on: date | None
    hours: float


@dataclass(frozen=True)
class Sustained:
    """A person's week: what they can sustain, and its parts.

    ``hours`` is None where they are not in the team in that week. Of the week's ``days`` of work they are
    on leave on ``away`` and off for a public holiday on ``off``.
    """

    hours: float | None
    ramp: float
    availability: float
    adjustment: float
    days: int
    away: int
    off: int


@dataclass(frozen=True)
class Share:
    """Who carries what part of a book in a week: nobody has no person, and a reason."""

    person: int | None
    part: float
    how: str
    why: str = ""


class Team:
    """The people of the team with their leave, holidays and adjustments; answers for each week."""

    def __init__(
        self,
        people: Iterable[Person],
        away: Iterable[Away],
        more: Iterable[More],
        *,
        holidays: Mapping[str, frozenset[date]],
        works: frozenset[str],
        monthly_hours: float,
        ramp: Sequence[tuple[int, float]],
    ) -> None:
        """Hold what is known.

        Args:
            people: who is, was or will be in the team.
            away: their leave.
            more: their adjustments.
            holidays: public holidays by region.
            works: the days of the week that are worked, as ``mon``.
            monthly_hours: of a person without hours of their own.
            ramp: from which day of tenure on which share of full capacity.
        """
        self.people = {each.id: each for each in people}
        self.monthly_hours, self.works, self.holidays = monthly_hours, works, holidays
        self.ramp = sorted(ramp)
        self._away: dict[int, list[Away]] = defaultdict(list)
        for leave in away:
            self._away[leave.person].append(leave)
        self._more: dict[int, list[More]] = defaultdict(list)
        for each in more:
            self._more[each.person].append(each)
        self._days: dict[tuple[date, int], tuple[date, ...]] = {}

    def days(self, last: date, weeks: int = 1) -> tuple[date, ...]:
        """Return the working days of the weeks that end with ``last``."""
        if (last, weeks) not in self._days:
            found = (last - timedelta(days=back) for back in range(7 * weeks - 1, -1, -1))
            self._days[last, weeks] = tuple(day for day in found if f"{day:%a}".lower() in self.works)
        return self._days[last, weeks]

    def leave_on(self, person: int, day: date) -> Away | None:
        """Return the leave somebody is on, the one with a cover first, of several the latest."""
        rows = [each for each in self._away.get(person, ()) if each.first_on <= day <= each.last_on]
        return max(rows, key=_rank, default=None)

    def is_here(self, person: int, day: date) -> bool:
        """Return whether somebody is in the team on a day."""
        who = self.people.get(person)
        if who is None or (who.started_on is not None and who.started_on > day):
            return False
        return who.left_on is None or who.left_on >= day

    def sustained(self, person: int, last: date, weeks: int = 1) -> Sustained:
        """Return what somebody can sustain, by the availability of the weeks that end with ``last``."""
        who, days = self.people[person], self.days(last, weeks)
        begun = [day for day in days if who.started_on is None or day >= who.started_on]
        here = [day for day in begun if who.left_on is None or day <= who.left_on]
        if not self.is_here(person, last) and not here:
            return Sustained(None, 0.0, 0.0, 0.0, 0, 0, 0)
        away = [day for day in here if self._is_away(person, day)]
        rest = self.holidays.get(who.region, frozenset())
        off = [day for day in here if day in rest and day not in away]
        there = len(here) - len(away) - len(off)
        availability = there / len(begun) if begun else 1.0
        ramp, more = self._ramp(who, last), self._adjusted(person, last)
        monthly = self.monthly_hours if who.monthly_hours is None else who.monthly_hours
        hours = round(max(0.0, monthly * who.working_share * ramp * availability + more), 6)
        return Sustained(hours, ramp, availability, more, len(here), len(away), len(off))

    def shares(self, owner: int, last: date) -> tuple[Share, ...]:
        """Return who carries what part of somebody's book in the week that ends with ``last``."""
        days = self.days(last) or (last,)
        if owner not in self._away and self.is_here(owner, days[0]) and self.is_here(owner, last):
            return (Share(owner, 1.0, "own"),)
        found: dict[tuple[int | None, str, str], int] = defaultdict(int)
        for day in days:
            found[self.carrier(owner, day)] += 1
        return tuple(
            Share(person, count / len(days), how, why) for (person, how, why), count in found.items()
        )

    def carrier(self, owner: int, day: date) -> tuple[int | None, str, str]:
        """Return who carries somebody's book on a day, how, and why nobody does."""
        if not self.is_here(owner, day):
            return None, "uncovered", "not there"
        leave = self.leave_on(owner, day)
        if leave is None:
            return owner, "own", ""
        cover = leave.cover
        if cover is not None and self.is_here(cover, day) and not self._is_away(cover, day):
            return cover, "cover", ""
        return None, "uncovered", "away"

    def _is_away(self, person: int, day: date) -> bool:
        return person in self._away and self.leave_on(person, day) is not None

    def _ramp(self, who: Person, day: date) -> float:
        if who.started_on is None:
            return 1.0
        tenure = (day - who.started_on).days
        steps = [share for from_day, share in self.ramp if from_day <= tenure]
        return steps[-1] if steps else 1.0

    def _adjusted(self, person: int, day: date) -> float:
        rows = self._more.get(person, ())
        return sum(
            each.hours
            for each in rows
            if each.first_on <= day and (each.last_on is None or each.last_on >= day)
        )


def _rank(leave: Away) -> tuple[bool, date, date, int]:
    return leave.cover is not None, leave.first_on, leave.last_on, leave.cover or 0
