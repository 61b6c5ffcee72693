"""The months ahead of a day, and what stage an account is in then.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

STAGES = ("onboarding", "adoption", "value", "renewal")
DAYS_A_MONTH = 365.25 / 12


@dataclass(frozen=True)
class StageDays:
    """How long stages last, in days, and what they multiply an account's hours by."""

    onboarding: int
    adoption: int
    renewal_window: int
    multipliers: Mapping[str, float]


def months_after(day: date, count: int) -> tuple[date, ...]:
    """Return the first days of the calendar months after a day's."""
    place = day.year * 12 + day.month
    return tuple(date((place + each) // 12, (place + each) % 12 + 1, 1) for each in range(count))


def last_day_of(first: date) -> date:
    """Return the last day of the month that begins on a day."""
    return months_after(first, 1)[0] - timedelta(days=1)


def place_of(day: date, months: Sequence[date]) -> int:
    """Return in which of the months a day lies: before them 0, after them as many as there are."""
    return sum(first <= day for first in months[1:]) if day <= last_day_of(months[-1]) else len(months)


def stages_ahead(
    stage: str,
    started_on: date | None,
    renews_on: date | None,
    *,
    months: Sequence[date],
    days: StageDays,
) -> tuple[str, ...]:
    """Return the stage of an account in the middle of each month.

    It leaves onboarding and adoption when their days are over, and is in renewal for the window before each
    renewal, which comes every year. What a source said of its stage today stands until one of them happens.
    """
    found = []
    for first in months:
        middle = first + timedelta(days=14)
        if _renews(middle, renews_on, days.renewal_window):
            found.append("renewal")
        elif stage in {"onboarding", "adoption"} and started_on is not None:
            found.append(_young(stage, (middle - started_on).days, days))
        else:
            found.append("value" if stage == "renewal" else stage)
    return tuple(found)


def _young(stage: str, age: int, days: StageDays) -> str:
    if stage == "onboarding" and age < days.onboarding:
        return "onboarding"
    return "adoption" if age < days.adoption else "value"


def _renews(day: date, renews_on: date | None, window: int) -> bool:
    if renews_on is None:
        return False
    left = (renews_on - day).days
    return any(0 <= left + 365 * year <= window for year in range(4))


def renewal_place(renews_on: date | None, months: Sequence[date]) -> int | None:
    """Return the month of the next renewal; one that is overdue is decided in the first month."""
    if renews_on is None:
        return None
    found = place_of(renews_on, months)
    return found if found < len(months) else None
