"""By when an opening gets its first answer, and how long one took, in working days.

The clock runs from the day after it was opened, or after it was released where it was held.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from evenbook.book.rules.working_days import working_days
from evenbook.expansion.numbers import ExpansionNumbers

FARTHEST = timedelta(days=400)


@dataclass(frozen=True)
class Calendar:
    """Which days are worked: days of the week as ``mon``, and the days that are holidays."""

    works: Collection[str]
    holidays: Collection[date] = frozenset()


def days_taken(from_on: date, until_on: date, calendar: Calendar) -> int:
    """Return the working days after a day up to another, that one included; never less than zero."""
    after = from_on + timedelta(days=1)
    if until_on < after:
        return 0
    return working_days(after, until_on + timedelta(days=1), works=calendar.works, holidays=calendar.holidays)


def due_on(from_on: date, numbers: ExpansionNumbers, calendar: Calendar) -> date:
    """Return the last day for a first answer: the working days of policy after a day."""
    day, left = from_on, numbers.answer_days
    while left and day - from_on < FARTHEST:
        day += timedelta(days=1)
        left -= days_taken(day - timedelta(days=1), day, calendar)
    return day
