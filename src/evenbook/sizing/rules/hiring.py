"""What simulated years say: hours needed and there with their interval, hires, and by when they must start.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

import numpy as np

from evenbook.engine.given_arrays import Floats
from evenbook.sizing.numbers import StaffingNumbers
from evenbook.sizing.rules.known import Known
from evenbook.sizing.rules.months import DAYS_A_MONTH, months_after
from evenbook.sizing.rules.plan import Simulated, ramp_months

SPARE = 1e-9


@dataclass(frozen=True)
class Range:
    """A figure in the middle of the simulated years, and within which most of them lie."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Month:
    """A month ahead: hours needed and there, and in which share of the years they do not reach."""

    first_on: date
    need: Range
    capacity: Range
    short_share: float


@dataclass(frozen=True)
class Start:
    """A hire: from which month on the hours are needed, by when to start, and by when to decide.

    ``is_late`` says that the decision should have been taken: whoever is looked for now comes later.
    """

    needed_from: date
    start_by: date
    decide_by: date
    is_late: bool


@dataclass(frozen=True)
class Hiring:
    """A plan's answer.

    Attributes:
        months: one row a month.
        hires: how many full people more, at the two ends and in the middle of the years.
        starts: of those in the middle, the first one first.
        short_until: the last month that is short before anybody who starts now carries a full book; None
            where none is.
        balance: hours there less hours needed in the last month.
    """

    months: tuple[Month, ...]
    hires: Range
    starts: tuple[Start, ...]
    short_until: date | None
    balance: Range


def hiring(found: Simulated, known: Known, numbers: StaffingNumbers, *, as_of: date) -> Hiring:
    """Return what simulated years say of hires."""
    ends = _ends(numbers)
    gap = found.need - found.capacity
    full = known.full_hours * (1.0 - numbers.leave_share)
    low, middle, high = (
        _people(each, full) for each in np.quantile(gap, (ends[0], _dated(numbers), ends[2]), axis=0)
    )
    short = (gap > SPARE).mean(axis=0).tolist()
    months = tuple(
        Month(*each)
        for each in zip(
            known.months, _ranges(found.need, ends), _ranges(found.capacity, ends), short, strict=True
        )
    )
    ramp = min(ramp_months(known.ramp), len(months) - 1)
    starts = starts_of(middle, known.months, ramp=ramp, search=numbers.search_months, as_of=as_of)
    return Hiring(
        months,
        Range(*(float(max(each[ramp:], default=0)) for each in (low, middle, high))),
        starts,
        max((known.months[place] for place in range(ramp) if middle[place]), default=None),
        *_ranges(-gap[:, -1:], ends),
    )


def change(now: Simulated, other: Simulated, numbers: StaffingNumbers) -> Range:
    """Return hours more to spare in the last month with a change.

    The middle is what the middle of the years gains, as the months show it; the ends are of each year
    against the same year without the change.
    """
    before, after = ((each.capacity - each.need)[:, -1] for each in (now, other))
    low, _, high = _ends(numbers)
    ends = np.quantile(after - before, (low, high)).tolist()
    return Range(ends[0], float(np.median(after) - np.median(before)), ends[1])


def starts_of(
    people: Sequence[int], months: Sequence[date], *, ramp: int, search: float, as_of: date
) -> tuple[Start, ...]:
    """Return by when each hire must start so that they carry a full book when they are needed.

    Nobody starts before the first month: what is short until such a hire has ramped is no reason to hire.

    Args:
        people: how many more full people each month takes.
        months: the first day of each.
        ramp: whole months until somebody new carries a full book.
        search: months from the decision to the first day.
        as_of: the day of the plan.
    """
    found = []
    for each in range(1, max(people[ramp:], default=0) + 1):
        needed = next(place for place, many in enumerate(people) if place >= ramp and many >= each)
        start = _months_before(months[needed], ramp)
        decide = start - timedelta(days=round(search * DAYS_A_MONTH))
        found.append(Start(months[needed], start, decide, is_late=decide < as_of))
    return tuple(found)


def _months_before(first: date, months: int) -> date:
    place = first.year * 12 + first.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def _people(gap: Floats, full: float) -> list[int]:
    return [max(0, ceil(hours / full - 1e-6)) if full > 0 else 0 for hours in gap.tolist()]


def _dated(numbers: StaffingNumbers) -> float:
    return numbers.hire_for_share


def _ends(numbers: StaffingNumbers) -> tuple[float, float, float]:
    tail = (1.0 - numbers.interval_share) / 2
    return tail, 0.5, 1.0 - tail


def _ranges(values: Floats, ends: tuple[float, float, float]) -> list[Range]:
    """Return the range of each column: all at once, which takes half as long as one by one."""
    return [Range(*each) for each in np.quantile(values, ends, axis=0).T.tolist()]


def horizon(day: date, numbers: StaffingNumbers) -> tuple[date, ...]:
    """Return the months that a plan of a day looks at."""
    return months_after(day, numbers.months)
