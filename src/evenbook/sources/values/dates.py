"""Dates and instants as people and tools write them.

The order of day and month is never guessed from one cell: it is a property of the column, and
the caller says it. Year-first dates, month names, Unix times and spreadsheet serials mean the
same under any order. Dates outside a window are refused as not plausible, because spreadsheets
and tools write an empty date as 1899-12-30, 1970 or 9999-12-31.

Instants come back in UTC; one without an offset is read in the zone the caller gives, and a bare
date is its midnight in UTC, whatever the zone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from evenbook.sources.values.blanks import is_nothing
from evenbook.sources.values.problem import Problem, quoted

DateOrder = Literal["ymd", "dmy", "mdy"]
DateForm = Literal["iso", "numeric", "month_name", "basic"]

SERIAL_ZERO = datetime(1899, 12, 30)
SERIALS = range(18_264, 76_700)
EPOCH = datetime(1970, 1, 1)
TWO_DIGIT_PIVOT = 70
FAR_YEAR = 9000

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july")
        + ("aug august", "sep sept september", "oct october", "nov november", "dec december"),
        start=1,
    )
    for name in names.split()
}

_TIME = r"""
    (?:(?:T|\s*,\s*|\s+(?:at\s+)?)
       (?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?
       \s*(?P<half>[AaPp]\.?[Mm]\.?)?
       \s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?
    )?$"""
_NUMBER = re.compile(r"\d{5,16}(?:\.\d{1,9})?$", re.ASCII)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?"
_DAY = r"(?P<b>\d{1,2})(?:st|nd|rd|th)?"
_PATTERNS: tuple[tuple[DateForm, str], ...] = (
    ("iso", r"^(?P<year>\d{4})(?P<sep>[-/.])(?P<a>\d{1,2})(?P=sep)(?P<b>\d{1,2})"),
    ("numeric", r"^(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})"),
    ("basic", r"^(?P<year>(?:19|20)\d{2})(?P<a>\d{2})(?P<b>\d{2})"),
    ("month_name", f"^{_WEEKDAY}{_DAY}" + r"[\s./-]+(?P<name>[a-z]{3,9})\.?[\s,./-]+(?P<year>\d{4}|\d{2})"),
    ("month_name", f"^{_WEEKDAY}" + r"(?P<name>[a-z]{3,9})\.?[\s-]+" + _DAY + r"[\s,-]+(?P<year>\d{4})"),
    ("month_name", r"^(?P<year>\d{4})[\s-](?P<name>[a-z]{3,9})[\s-](?P<b>\d{1,2})"),
)
_FORMS = tuple(
    (form, re.compile(pattern + _TIME, re.VERBOSE | re.IGNORECASE | re.ASCII)) for form, pattern in _PATTERNS
)


@dataclass(frozen=True, slots=True)
class Window:
    """The dates that are believed, both ends included."""

    first: date = date(1950, 1, 1)
    last: date = date(2100, 12, 31)


ANY_LIKELY_DATE = Window()


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC. ``is_date_only`` where the cell had no time of day."""

    at: datetime
    is_date_only: bool = False


@dataclass(frozen=True, slots=True)
class DateShape:
    """How a text writes a date: ``first`` and ``second`` are its two small numbers, in order."""

    form: DateForm
    first: int
    second: int
    separator: str
    has_time: bool


def parse_date(value: object, order: DateOrder, *, window: Window = ANY_LIKELY_DATE) -> date | Problem | None:
    """Return the calendar day that a cell names, as written; None for a blank cell.

    Args:
        value: text, or a typed cell of a workbook, JSON or Parquet file.
        order: what comes first in dates such as 03/04/2024; ``ymd`` accepts none of those.
        window: days outside of it are a ``Problem``.
    """
    stamp = _stamp(value, order)
    if not isinstance(stamp, _Stamp):
        return stamp
    day = stamp.at.date()
    return _outside(day, window) or day


def parse_moment(
    value: object, order: DateOrder, *, window: Window = ANY_LIKELY_DATE, zone: str = "UTC"
) -> Moment | Problem | None:
    """Return the instant that a cell names, in UTC; None for a blank cell.

    Args:
        value: as in ``parse_date``.
        order: as in ``parse_date``.
        window: as in ``parse_date``; the day as written is checked.
        zone: where a time without an offset was read off a clock.
    """
    stamp = _stamp(value, order)
    if not isinstance(stamp, _Stamp):
        return stamp
    problem = _outside(stamp.at.date(), window)
    if problem is not None:
        return problem
    if not stamp.has_time:
        return Moment(stamp.at.replace(tzinfo=UTC), is_date_only=True)
    at = stamp.at if stamp.at.tzinfo else stamp.at.replace(tzinfo=ZoneInfo(zone))
    return Moment(at.astimezone(UTC))


def date_shape(text: str) -> DateShape | None:
    """Return how ``text`` writes a date, without deciding which date it is; None if it does not."""
    matched = _match(text.strip())
    if matched is None:
        return None
    form, found = matched
    parts = found.groupdict()
    first = int(parts["a"]) if parts.get("a") else MONTHS[parts["name"].lower()]
    return DateShape(form, first, int(parts["b"]), parts.get("sep") or "", parts["hour"] is not None)


@dataclass(frozen=True, slots=True)
class _Stamp:
    at: datetime
    has_time: bool


def _outside(day: date, window: Window) -> Problem | None:
    if window.first <= day <= window.last:
        return None
    if day.year >= FAR_YEAR:
        return Problem(f'"{day}" is not a real date: it stands for "no end"', "open_end")
    if day > window.last:
        return Problem(f'"{day}" is not plausible: it lies after {window.last}', "not_plausible")
    empty = ", as spreadsheets write an empty date" if day.year in (1, 1899, 1900) else ""
    return Problem(f'"{day}" is not plausible: it lies before {window.first}{empty}', "not_plausible")


def _stamp(value: object, order: DateOrder) -> _Stamp | Problem | None:
    if isinstance(value, str):
        return _stamp_of_text(value.strip(), order)
    if isinstance(value, datetime):
        return _Stamp(value, has_time=value.tzinfo is not None or value.time() != time())
    if isinstance(value, date):
        return _Stamp(datetime(value.year, value.month, value.day), has_time=False)
    if value is None:
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _stamp_of_number(value)
    return Problem(f"{quoted(value)} is not a date")


@lru_cache(maxsize=65_536)
def _stamp_of_text(text: str, order: DateOrder) -> _Stamp | Problem | None:
    matched = _match(text)
    if matched is None:
        return _not_a_date(text)
    form, found = matched
    parts = found.groupdict()
    if form == "numeric" and order == "ymd":
        reason = f"{quoted(text)} may start with the day or the month, and nobody said which"
        return Problem(reason, "order")
    try:
        day = _day(form, parts, order)
        return _Stamp(_with_time(day, parts), has_time=parts["hour"] is not None)
    except ValueError:
        return _no_such_day(text, form, order)


def _match(text: str) -> tuple[DateForm, re.Match[str]] | None:
    if not 6 <= len(text) <= 60:
        return None
    for form, pattern in _FORMS:
        found = pattern.match(text)
        if found and (form != "month_name" or found["name"].lower() in MONTHS):
            return form, found
    return None


def _day(form: DateForm, parts: dict[str, str], order: DateOrder) -> date:
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 1900 if year >= TWO_DIGIT_PIVOT else 2000
    if form == "month_name":
        return date(year, MONTHS[parts["name"].lower()], int(parts["b"]))
    first, second = int(parts["a"]), int(parts["b"])
    return date(year, second, first) if form == "numeric" and order == "dmy" else date(year, first, second)


def _with_time(day: date, parts: dict[str, str]) -> datetime:
    hour = int(parts["hour"] or 0)
    if parts["half"]:
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        hour = hour % 12 + (12 if parts["half"][0] in "pP" else 0)
    micro = int((parts["fraction"] or "0")[:6].ljust(6, "0"))
    clock = time(hour, int(parts["minute"] or 0), int(parts["second"] or 0), micro)
    return datetime.combine(day, clock, tzinfo=_zone(parts["zone"]))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if text[0] == "-" else offset)


def _no_such_day(text: str, form: DateForm, order: DateOrder) -> Problem:
    if form == "numeric":
        comes = "day" if order == "dmy" else "month"
        return Problem(f"{quoted(text)} is no date when the {comes} comes first", "order")
    return Problem(f"{quoted(text)} is not a date of the calendar")


def _not_a_date(text: str) -> _Stamp | Problem | None:
    if is_nothing(text):
        return None
    if _NUMBER.match(text):
        return _stamp_of_number(Decimal(text))
    return Problem(f"{quoted(text)} is not a date")


def _stamp_of_number(number: int | float | Decimal) -> _Stamp | Problem:
    """A Unix time in seconds, milliseconds or microseconds, YYYYMMDD, or a spreadsheet serial."""
    for size, low, high in ((1, 10**8, 5 * 10**9), (10**3, 10**11, 5 * 10**12), (10**6, 10**14, 5 * 10**15)):
        if low <= number < high:
            at = EPOCH + timedelta(microseconds=int(Decimal(number) * (10**6 // size)))
            return _Stamp(at.replace(tzinfo=UTC), has_time=True)
    whole = int(number) if 0 <= number < 10**8 else -1
    if whole in SERIALS:
        at = SERIAL_ZERO + timedelta(seconds=round(Decimal(number) * 86_400))
        return _Stamp(at, has_time=number != whole)
    if whole == number and 19_000_101 <= whole <= 21_001_231:
        return _basic(whole)
    return Problem(f'"{number}" is not a date')


def _basic(whole: int) -> _Stamp | Problem:
    try:
        return _Stamp(datetime(whole // 10_000, whole // 100 % 100, whole % 100), has_time=False)
    except ValueError:
        return Problem(f'"{whole}" is not a date of the calendar')
