"""Usage of any length, folded to key × week × measure while it streams past. Pure.

A *key* is what a file calls an account. Counts add up over a week; a measure of people (daily
active users) keeps its highest day, for the same people come back; events with a user count the
different ones. The days of the first and the last week are kept apart, so that a week that one
file begins and the next one ends comes out whole.

Memory holds one number a key, week and measure, and eight bytes for each different user of a week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from evenbook.sources.rules.seen import FAN_IN, alike

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

DAY_BITS = 20
"""Days are numbered from year 1; twenty bits reach the year 2871."""
PEOPLE = re.compile(
    r"(weekly_|daily_|total_)?(active|unique|distinct)_users?|users_active|[dw]au|active_seats|seats_used|users"
)
ACTIVE_USERS, EVENTS = "active_users", "events"
COMPACT_AT = 500_000


def measure_name(plain: str) -> str:
    """Return the name of a measure; the ways to say weekly users are one."""
    return ACTIVE_USERS if PEOPLE.fullmatch(plain) else plain[:60]


def keeps_peak(measure: str) -> bool:
    """Return whether the days of a measure are not added up, because the same people come back."""
    return measure == ACTIVE_USERS


class Sums:
    """Numbers by code: added, or the highest kept. Holds each code once."""

    def __init__(self, *, peak: bool) -> None:
        self.peak = peak
        self.codes: Ints = np.empty(0, np.int64)
        self.values: Floats = np.empty(0, np.float64)
        self._waiting: list[tuple[Ints, Floats]] = []
        self._held = 0

    def add(self, codes: Ints, values: Floats) -> None:
        """Take numbers in."""
        self._waiting.append((codes, values))
        self._held += len(codes)
        if self._held > max(COMPACT_AT, len(self.codes)):
            self.fold()

    def fold(self) -> None:
        """Bring every code down to one number."""
        if not self._waiting:
            return
        codes = np.concatenate([self.codes, *(each for each, _ in self._waiting)])
        values = np.concatenate([self.values, *(each for _, each in self._waiting)])
        self._waiting, self._held = [], 0
        order = np.argsort(codes, kind="stable")
        codes, values = codes[order], values[order]
        starts = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.empty(0, np.int64)
        reduce = np.maximum if self.peak else np.add
        self.codes = codes[starts]
        self.values = reduce.reduceat(values, starts) if len(starts) else values

    def keep(self, chosen: npt.NDArray[np.bool_]) -> None:
        """Forget all codes but the chosen ones."""
        self.codes, self.values = self.codes[chosen], self.values[chosen]


class Different:
    """Which pairs of a code and somebody were seen; each counts once."""

    def __init__(self) -> None:
        self._runs: list[npt.NDArray[np.uint64]] = []

    def fresh(self, digests: npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Take digests in and return which of them are new; of equal ones the first."""
        new = np.zeros(len(digests), np.bool_)
        _, firsts = np.unique(digests, return_index=True)
        new[firsts] = True
        for run in self._runs:
            places = np.minimum(np.searchsorted(run, digests), len(run) - 1)
            new &= run[places] != digests
        added = np.sort(digests[new])
        if len(added):
            self._runs.append(added)
        while (count := alike([len(run) for run in self._runs])) >= FAN_IN:
            merged = np.sort(np.concatenate(self._runs[-count:]))
            self._runs[-count:] = [merged]
        return new


@dataclass(slots=True)
class Fold:
    """The usage of one file, as far as it was read.

    Args:
        by_week: whether the file's rows are weeks already.
    """

    by_week: bool
    keys: dict[str, int] = field(default_factory=dict)
    weeks: dict[str, Sums] = field(default_factory=dict)
    days: dict[str, Sums] = field(default_factory=dict)
    rows: Sums = field(default_factory=lambda: Sums(peak=False))
    first: int = 0
    last: int = 0
    people: Different = field(default_factory=Different)
    day_people: dict[int, set[int]] = field(default_factory=dict)

    def key_of(self, text: str) -> int:
        """Return the number of a key."""
        return self.keys.setdefault(text, len(self.keys))

    def count_rows(self, keys: Ints, days: Ints) -> None:
        """Take in rows: whose they are and their day."""
        if not len(keys):
            return
        self._reach(int(days.min()), int(days.max()))
        self.rows.add(code(keys, monday(days)), np.ones(len(keys)))

    def add(self, measure: str, keys: Ints, days: Ints, values: Floats) -> None:
        """Take in the values of a measure, after their rows were counted."""
        peak = keeps_peak(measure)
        weeks = self.weeks.setdefault(measure, Sums(peak=peak and not self.by_week))
        weeks.add(code(keys, monday(days)), values)
        if not self.by_week:
            inside = self._is_edge(days)
            self.days.setdefault(measure, Sums(peak=peak)).add(
                code(keys[inside], days[inside]), values[inside]
            )

    def add_people(self, keys: Ints, days: Ints, users: npt.NDArray[np.uint64]) -> None:
        """Take in who was there."""
        weeks = code(keys, monday(days))
        new = self.people.fresh(users * np.uint64(0x9E3779B97F4A7C15) ^ weeks.astype(np.uint64))
        self.weeks.setdefault(ACTIVE_USERS, Sums(peak=False)).add(weeks[new], np.ones(int(new.sum())))
        for place in np.flatnonzero(self._is_edge(days)).tolist():
            at = int(keys[place]) << DAY_BITS | int(days[place])
            self.day_people.setdefault(at, set()).add(int(users[place]) >> 16)

    def finish(self) -> None:
        """Fold what still waits, and forget days that turned out to lie inside."""
        for sums in (self.rows, *self.weeks.values()):
            sums.fold()
        self._let_go()

    def share(self, week: int, now: date) -> float:
        """Return how much of a week the file covers, 0 to 1; what lies ahead is not covered."""
        last = min(self.last if not self.by_week else week + 6, now.toordinal() - 1)
        first = self.first if not self.by_week else week
        covered = min(week + 6, last) - max(week, first) + 1
        return min(1.0, max(0.0, covered / 7))

    def covered_days(self, week: int) -> list[int]:
        """Return the days of a week between the first and the last day of the file."""
        return [day for day in range(week, week + 7) if self.first <= day <= self.last]

    def edges(self) -> set[int]:
        """Return the Mondays of the first and the last week of the file."""
        return {self.first - (self.first - 1) % 7, self.last - (self.last - 1) % 7} if self.last else set()

    def _reach(self, first: int, last: int) -> None:
        """Take note of the days of rows; the ends only move outward, so what lies inside stays inside."""
        before = self.edges()
        self.first = min(self.first, first) if self.last else first
        self.last = max(self.last, last)
        if before and self.edges() != before:
            self._let_go()

    def _let_go(self) -> None:
        """Forget the days that lie inside."""
        for sums in self.days.values():
            sums.fold()
            sums.keep(self._is_edge(sums.codes & _mask()))
        edges = self.edges()
        self.day_people = {
            at: users
            for at, users in self.day_people.items()
            if (at & _MASK) - ((at & _MASK) - 1) % 7 in edges
        }

    def _is_edge(self, days: Ints) -> npt.NDArray[np.bool_]:
        mondays = monday(days)
        edge = np.zeros(len(days), np.bool_)
        for each in self.edges():
            edge |= mondays == each
        return edge


_MASK = (1 << DAY_BITS) - 1


def _mask() -> np.int64:
    return np.int64(_MASK)


def code(keys: Ints, days: Ints) -> Ints:
    """Return one number for a key and a day."""
    return (keys << np.int64(DAY_BITS)) | days


def parts(codes: Ints) -> tuple[Ints, Ints]:
    """Return key and day of codes."""
    return codes >> np.int64(DAY_BITS), codes & _mask()


def monday(days: Ints) -> Ints:
    """Return the Monday of each day, as day numbers; day 1 of year 1 was a Monday."""
    return days - (days - 1) % 7


def day_of(number: int) -> date:
    """Return the day of a number."""
    return date.fromordinal(number)


def starts_on_sunday(days: Sequence[date], header: str) -> bool:
    """Return whether a column of weeks names them by their Sunday, the first day of the week."""
    return len(days) > 1 and all(day.weekday() == 6 for day in days) and "end" not in header.lower()


def shifted(day: date, *, by_sunday: bool) -> date:
    """Return a day inside the week that is meant."""
    return day + timedelta(days=1) if by_sunday else day
