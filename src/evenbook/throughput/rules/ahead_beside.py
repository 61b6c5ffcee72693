"""The weeks ahead under two sets of owners, side by side: each load before and after, and who has nobody.

Both are worked out alike, from the same team, leave and stages; only who owns what differs.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from evenbook.throughput.rules.ahead import Cell, Weeks, weeks_ahead
from evenbook.throughput.rules.ahead_carried import Carrying
from evenbook.throughput.rules.ahead_effort import Ahead


@dataclass(frozen=True)
class BesideWeek:
    """A week of a person, or of several: what is carried before and after, and what can be sustained.

    In hours a month. ``can`` is None where none of them is in the team then.
    """

    last_on: date
    can: float | None
    before: float
    after: float
    is_away: bool

    @property
    def load_before(self) -> float | None:
        """Effort ÷ capacity with the present owners; None where there is no capacity."""
        return self.before / self.can if self.can else None

    @property
    def load_after(self) -> float | None:
        """The same with the other owners."""
        return self.after / self.can if self.can else None

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return abs(self.before - self.after) > 1e-6


@dataclass(frozen=True)
class CoveredWeek:
    """Which share of the effort has a person there in a week, before and after; None without any effort."""

    last_on: date
    before: float | None
    after: float | None


def beside(
    before: Weeks, after: Weeks, groups: Mapping[str, Sequence[int]]
) -> dict[str, tuple[BesideWeek, ...]]:
    """Return by group its weeks before and after; a group is one person, or the people of a team."""
    return {
        name: tuple(
            _week(
                day,
                [before.cells[who][place] for who in people],
                [after.cells[who][place] for who in people],
            )
            for place, day in enumerate(before.days)
        )
        for name, people in groups.items()
    }


def covered(before: Iterable[Ahead], after: Iterable[Ahead], carrying: Carrying) -> tuple[CoveredWeek, ...]:
    """Return which share of the effort of these accounts has a person there, week by week."""
    first, second = (_covered(list(accounts), carrying) for accounts in (before, after))
    return tuple(
        CoveredWeek(day, one, other) for day, one, other in zip(carrying.days, first, second, strict=True)
    )


def weeks_over(loads: Iterable[float | None], *, above: float) -> int:
    """Return in how many weeks a load is above a limit; 1 is full."""
    return sum(load is not None and load > above for load in loads)


def _week(day: date, before: Sequence[Cell], after: Sequence[Cell]) -> BesideWeek:
    there = [each.can.hours for each in before if each.can.hours is not None]
    return BesideWeek(
        last_on=day,
        can=sum(there) if there else None,
        before=round(sum(each.effort for each in before), 6),
        after=round(sum(each.effort for each in after), 6),
        is_away=bool(before) and all(each.is_away for each in before),
    )


def _covered(accounts: Sequence[Ahead], carrying: Carrying) -> list[float | None]:
    weeks = weeks_ahead(accounts, carrying, ())
    found: list[float | None] = []
    for place in range(len(carrying.days)):
        hours = sum(each.hours[place] for each in accounts)
        lost = sum(each[place] for each in weeks.uncovered.values())
        found.append(max(0.0, 1.0 - lost / hours) if hours > 0 else None)
    return found
