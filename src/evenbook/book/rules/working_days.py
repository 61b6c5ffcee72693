"""How many days are worked from one day to another.

Pure.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

DAYS_OF_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def working_days(first_on: date, back_on: date, *, works: Collection[str], holidays: Collection[date]) -> int:
    """Return how many working days there are from a day until before another.

    Args:
        first_on: the first day.
        back_on: the day after the last.
        works: days of the week that are worked, as ``mon``.
        holidays: days that are not, whatever day of the week they are.
    """
    days = (first_on + timedelta(days=place) for place in range((back_on - first_on).days))
    return sum(DAYS_OF_WEEK[day.weekday()] in works and day not in holidays for day in days)
