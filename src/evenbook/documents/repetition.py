"""On which days something repeats, by the rule of a calendar's event (RFC 5545, RECUR).

Each day up to the edge is held against the rule, so that a rule which no day meets ends as soon as any
other: libraries look for its next day until the end of time. Followed are rules by day, week, month and
year with an interval, a count, an end, days of the week and of the month, and months; rules by the hour,
by the number of the week or by a place in the set are not.

Pure.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
FOLLOWED = frozenset("FREQ INTERVAL COUNT UNTIL BYDAY BYMONTHDAY BYMONTH WKST".split())


class NotFollowed(ValueError):
    """A rule that is not followed, or that makes no sense."""


@dataclass(frozen=True)
class Rule:
    """A rule of repetition.

    Args:
        frequency: one of ``FREQUENCIES``.
        interval: every how many of them.
        count: how many days at most, the first one included; None for all.
        weekdays: the days of the week, each with which of the month or the year it is, or 0.
        month_days: days of the month; negative ones count from its end.
        months: the months.
        week_starts: the day of the week on which weeks begin, 0 is Monday.
    """

    frequency: str
    interval: int = 1
    count: int | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    month_days: frozenset[int] = frozenset()
    months: frozenset[int] = frozenset()
    week_starts: int = 0


def rule_of(given: Mapping[str, Sequence[object]]) -> Rule:
    """Return a rule as a calendar's file has it; its end is for the caller to keep.

    Raises:
        NotFollowed: it repeats by the hour, or in another way that is not followed.
    """
    parts = {str(name).upper(): [str(each).upper() for each in values] for name, values in given.items()}
    frequency = parts.get("FREQ", [""])[0]
    interval = int(parts.get("INTERVAL", ["1"])[0])
    if frequency not in FREQUENCIES or set(parts) - FOLLOWED or interval < 1:
        raise NotFollowed(frequency)
    return Rule(
        frequency=frequency,
        interval=interval,
        count=int(parts["COUNT"][0]) if "COUNT" in parts else None,
        weekdays=tuple(map(_weekday, parts.get("BYDAY", ()))),
        month_days=frozenset(map(int, parts.get("BYMONTHDAY", ()))),
        months=frozenset(map(int, parts.get("BYMONTH", ()))),
        week_starts=_weekday(parts.get("WKST", ["MO"])[0])[0],
    )


def repeats(rule: Rule, first: date, edge: date) -> Iterator[date]:
    """Return the days from the first one on, up to the edge, on which something repeats.

    The first day is always one of them, as calendars have it.
    """
    left = rule.count
    day = first
    while day <= edge and (left is None or left > 0):
        if day == first or _meets(rule, first, day):
            yield day
            left = None if left is None else left - 1
        day += timedelta(days=1)


def _meets(rule: Rule, first: date, day: date) -> bool:
    """Return whether a day after the first one meets a rule."""
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and not _is_month_day(rule, day):
        return False
    if rule.weekdays and not any(_is_weekday(rule, each, day) for each in rule.weekdays):
        return False
    return _span(rule, first, day) % rule.interval == 0 and _is_usual(rule, first, day)


def _span(rule: Rule, first: date, day: date) -> int:
    """Return how many days, weeks, months or years lie between."""
    if rule.frequency == "DAILY":
        return (day - first).days
    if rule.frequency == "WEEKLY":
        return (_week(day, rule.week_starts) - _week(first, rule.week_starts)).days // 7
    if rule.frequency == "MONTHLY":
        return 12 * (day.year - first.year) + day.month - first.month
    return day.year - first.year


def _week(day: date, starts: int) -> date:
    return day - timedelta(days=(day.weekday() - starts) % 7)


def _is_usual(rule: Rule, first: date, day: date) -> bool:
    """Return whether a day is the one that the first stands for, where the rule names none."""
    if rule.frequency == "DAILY" or rule.weekdays or rule.month_days:
        return True
    if rule.frequency == "WEEKLY":
        return day.weekday() == first.weekday()
    return day.day == first.day and (
        rule.frequency == "MONTHLY" or bool(rule.months) or day.month == first.month
    )


def _is_month_day(rule: Rule, day: date) -> bool:
    length = calendar.monthrange(day.year, day.month)[1]
    return day.day in rule.month_days or day.day - length - 1 in rule.month_days


def _is_weekday(rule: Rule, each: tuple[int, int], day: date) -> bool:
    weekday, place = each
    if day.weekday() != weekday:
        return False
    if place == 0 or rule.frequency in {"DAILY", "WEEKLY"}:
        return True
    if rule.frequency == "YEARLY" and not rule.months:
        length = 366 if calendar.isleap(day.year) else 365
        number = day.timetuple().tm_yday
    else:
        number, length = day.day, calendar.monthrange(day.year, day.month)[1]
    return place == (number + 6) // 7 if place > 0 else -place == (length - number) // 7 + 1


def _weekday(text: str) -> tuple[int, int]:
    if text[-2:] not in WEEKDAYS:
        raise NotFollowed(text)
    return WEEKDAYS[text[-2:]], int(text[:-2] or 0)
