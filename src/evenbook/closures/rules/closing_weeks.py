"""What a person opened, closed and left open, week by week, from loops that stand in groups.

A group holds loops of one person that met the same weeks: opened, due, closed, and gone from what is owed.
A place is that of a week in the series; what came before it has the place -1, what came later or never the
number of weeks. So each figure of a group is a stretch of weeks, and later facts move no earlier one.

Pure: groups in, weeks out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import accumulate
from typing import Any

from evenbook.closures.rules.warning import ClosingWeek


@dataclass(frozen=True, slots=True)
class Group:
    """So many loops of an owner that met the same weeks.

    Attributes:
        owner: who owes them, or what else is folded by.
        opened, due, closed, withdrawn, waived: the places of the weeks.
        count: how many loops; fewer than none takes some back that another group counts.
        is_batch: whether they were signed together with others.
        written: the place of the week in which all was written that closes them; where leaders are to see
            it first, before they are closed. None: with the closing.
        cohort: of silent accounts that one record closes; together they are one thing to do.
        of_pool: whether they are a pool's that its lead owes once they are overdue.
    """

    owner: Any
    opened: int
    due: int
    closed: int
    withdrawn: int
    waived: int
    count: int
    is_batch: bool = False
    written: int | None = None
    cohort: Any = None
    of_pool: bool = False

    @property
    def done(self) -> int:
        """The place of the week in which nothing is left to do for whoever owes them."""
        return self.closed if self.written is None else min(self.closed, self.written)


@dataclass(slots=True)
class Stretches:
    """Counts that begin in one week and end before another; added up at the end."""

    weeks: int
    change: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.change = [0] * (self.weeks + 1)

    def add(self, first: int, until: int, count: int) -> None:
        """Count in the weeks from ``first`` up to, and without, ``until``."""
        first, until = max(first, 0), min(until, self.weeks)
        if first < until:
            self.change[first] += count
            self.change[until] -= count

    @property
    def totals(self) -> list[int]:
        """The count of each week."""
        return list(accumulate(self.change[: self.weeks]))


ONE_THING = frozenset({"opened", "overdue", "due", "missing"})
"""What of a cohort counts as one, however many accounts are in it."""

FIGURES = ("opened", "closed", "late", "batch", "overdue", "due", "missing")


def closing_weeks(
    groups: Iterable[Group], days: Sequence[date], *, window: int
) -> dict[Any, tuple[ClosingWeek, ...]]:
    """Return the weeks of each owner, the oldest first.

    *Missing* are loops due in the last ``window`` weeks, this one with them, that nothing has closed by the
    end of the week; *due* are all of those. What was withdrawn by then is in neither. What was waived is
    missing, for a waiver closes nothing, but not overdue, for nobody owes it. What was acknowledged in a
    batch is in neither, once it is, and counted apart. A loop due on the last day and open at its end is
    overdue. What is written and waits for leaders to see it is neither missing nor overdue: whoever owes it
    has done their part. A cohort of silent accounts is one thing to do. Of a pool's loops the lead owes
    those that are overdue, and the share, which is of what was owed by name, knows them not.

    Args:
        groups: of any owners.
        days: the last day of each week.
        window: weeks of the share.
    """
    held: dict[Any, dict[Any, dict[str, Stretches]]] = defaultdict(
        lambda: defaultdict(lambda: {name: Stretches(len(days)) for name in FIGURES})
    )
    for each in groups:
        _count(held[each.owner][each.cohort], each, window)
    found = {}
    for owner, parts in held.items():
        totals = [_totals(parts, name) for name in FIGURES]
        found[owner] = tuple(
            ClosingWeek(day, **dict(zip(FIGURES, counts, strict=True)))
            for day, *counts in zip(days, *totals, strict=True)
        )
    return found


def _totals(parts: dict[Any, dict[str, Stretches]], name: str) -> list[int]:
    """Return a figure of each week: of what stands by itself all, of a cohort in most figures one."""
    series = [
        [min(count, 1) for count in figures[name].totals]
        if cohort is not None and name in ONE_THING
        else figures[name].totals
        for cohort, figures in parts.items()
    ]
    return [sum(counts) for counts in zip(*series, strict=True)]


def _count(figures: dict[str, Stretches], of: Group, window: int) -> None:
    count, owed_from = of.count, max(of.due, of.opened)
    figures["overdue"].add(owed_from, min(of.done, of.withdrawn, of.waived), count)
    if of.of_pool:
        return
    out_of_it = min(of.due + window, of.withdrawn)
    if of.withdrawn > of.opened >= 0:
        figures["opened"].add(of.opened, of.opened + 1, count)
    if of.closed >= 0:
        figures["batch" if of.is_batch else "closed"].add(of.closed, of.closed + 1, count)
        if of.done > of.due and not of.is_batch:
            figures["late"].add(of.closed, of.closed + 1, count)
    figures["missing"].add(owed_from, min(out_of_it, of.done), count)
    figures["due"].add(owed_from, min(out_of_it, of.closed) if of.is_batch else out_of_it, count)


def with_more(
    weeks: Sequence[ClosingWeek],
    *,
    follow_ups: Sequence[int] | None = None,
    away: frozenset[int] = frozenset(),
    expected: Sequence[float | None] | None = None,
) -> tuple[ClosingWeek, ...]:
    """Return the weeks with what loops do not tell: follow-ups past due, leave, what the tier mix misses."""
    return tuple(
        replace(
            week,
            follow_ups=follow_ups[place] if follow_ups else week.follow_ups,
            is_away=week.is_away or place in away,
            expected=expected[place] if expected else week.expected,
        )
        for place, week in enumerate(weeks)
    )
