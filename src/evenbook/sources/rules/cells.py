"""How the cells of a column are read, once it is known how the column writes them.

A reader turns a cell into a value, None for a blank one, a ``Problem`` that rejects the row, or a
``Waits`` that holds it back until a person has answered. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from evenbook.sources.rules.fields import Type
from evenbook.sources.rules.scales import to_hundred
from evenbook.sources.values import (
    DateOrder,
    DecimalMark,
    Moment,
    Money,
    Problem,
    Window,
    currency_of,
    date_shape,
    is_nothing,
    name_of,
    parse_boolean,
    parse_date,
    parse_domain,
    parse_email,
    parse_integer,
    parse_moment,
    parse_money,
    parse_number,
    quoted,
    same_id,
    text_of,
)

OPEN_END_YEAR = 2090
LONGEST_SPOKEN_HOURS = 4
"""Above it "30:15" is half an hour, below it "1:30" is one and a half."""
FARTHEST_BOOKING = timedelta(days=3 * 366)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})$")
_SPOKEN = re.compile(
    r"(?:(\d+(?:\.\d+)?)\s*h(?:ours?|rs?)?)?\s*(?:(\d+(?:\.\d+)?)\s*m(?:in(?:ute)?s?)?)?$", re.IGNORECASE
)
_WEEK = re.compile(r"(\d{4})[-_ ]?W?(\d{1,2})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Waits:
    """A cell that can't be read before a question is answered."""

    question: str


Value = object
Reader = Callable[[object], "Value | Problem | Waits | None"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column writes its cells, and what the organization has decided.

    Args:
        order: day, month and year; None where nobody knows.
        order_question: what then to wait for.
        decimal: the decimal mark.
        currency: of amounts whose cells name none.
        home: the organization's currency.
        rates: what one unit of another currency is worth in it.
        rate_questions: what to wait for, by currency without a rate.
        unit_minutes: minutes in one unit of a duration.
        scale: of a score.
        high_is_good: on that scale.
        is_percent: whether shares are written as 0 to 100.
        zone: where times without an offset were read off a clock.
        window: the days that are believed.
        now: the load time.
    """

    order: DateOrder | None = "ymd"
    order_question: str = ""
    decimal: DecimalMark = "point"
    currency: str = "USD"
    home: str = "USD"
    rates: Mapping[str, float] = field(default_factory=dict)
    rate_questions: Mapping[str, str] = field(default_factory=dict)
    unit_minutes: float = 1.0
    scale: str = "0-100"
    high_is_good: bool = True
    is_percent: bool = False
    zone: str = "UTC"
    window: Window = Window()
    now: datetime = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in the organization's minor units, and as its source gave it."""

    cents: int
    original_cents: int
    currency: str


def reader(kind: Type, reading: Reading) -> Reader:
    """Return the reader for a field of this type in a column that is written this way."""
    if kind in _PLAIN:
        return _PLAIN[kind]
    return _READERS[kind](reading)


def _mails(value: object) -> tuple[str, ...] | None:
    text = text_of(value)
    if text is None:
        return None
    return tuple(part for part in (each.strip() for each in re.split(r"[;,|\n]", text)) if part)


def _mail(value: object) -> Value | Problem | None:
    return None if is_nothing(value) else parse_email(value)


def _domain(value: object) -> Value | Problem | None:
    return None if is_nothing(value) else parse_domain(value)


def _name(value: object) -> str | None:
    return None if isinstance(value, str) and is_nothing(value) else name_of(value)


_PLAIN: dict[str, Reader] = {
    "id": same_id,
    "name": _name,
    "text": text_of,
    "word": _name,
    "mail": _mail,
    "mails": _mails,
    "domain": _domain,
    "boolean": parse_boolean,
    "json": lambda value: value,
}


def _past(reading: Reading) -> Reader:
    latest = reading.now + timedelta(days=1)

    def read(value: object) -> Value | Problem | Waits | None:
        moment = _moment(value, reading)
        if isinstance(moment, datetime) and moment > latest:
            return Problem(
                f"{quoted(text_of(value))} lies in the future, where nothing can have happened yet",
                "not_plausible",
            )
        return moment

    return read


def _booked(reading: Reading) -> Reader:
    latest = reading.now + FARTHEST_BOOKING

    def read(value: object) -> Value | Problem | Waits | None:
        moment = _moment(value, reading)
        if isinstance(moment, datetime) and moment > latest:
            return Problem(
                f"{quoted(text_of(value))} is further ahead than anything is booked", "not_plausible"
            )
        return moment

    return read


def _plan(reading: Reading) -> Reader:
    def read(value: object) -> Value | Problem | Waits | None:
        order = _order_of(value, reading)
        if isinstance(order, Waits):
            return order
        day = parse_date(value, order, window=reading.window)
        if isinstance(day, Problem) and day.kind == "open_end":
            return None
        return None if isinstance(day, date) and day.year >= OPEN_END_YEAR else day

    return read


def starting(read: Reader) -> Reader:
    """Return a reader of a first day: one so far ahead that it stands for no day is no start."""

    def begun(value: object) -> Value | Problem | Waits | None:
        found = read(value)
        if found is None and not is_nothing(value):
            return Problem(f"{quoted(text_of(value))} is too far ahead for a start", "not_plausible")
        return found

    return begun


def _week(reading: Reading) -> Reader:
    past = _past(reading)

    def read(value: object) -> Value | Problem | Waits | None:
        found = _WEEK.match(value.strip()) if isinstance(value, str) else None
        if found and ("w" in str(value).lower() or int(found[2]) > 12):
            try:
                day = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            except ValueError:
                return Problem(f"{quoted(value)} is not a week of the calendar")
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        return past(value)

    return read


def _moment(value: object, reading: Reading) -> datetime | Problem | Waits | None:
    order = _order_of(value, reading)
    if isinstance(order, Waits):
        return order
    moment = parse_moment(value, order, window=reading.window, zone=reading.zone)
    return moment.at if isinstance(moment, Moment) else moment


def _order_of(value: object, reading: Reading) -> DateOrder | Waits:
    if reading.order is not None:
        return reading.order
    shape = date_shape(value) if isinstance(value, str) else None
    if shape is None or shape.form != "numeric":
        return "ymd"
    if shape.first > 12 or shape.first == shape.second:
        return "dmy"
    return "mdy" if shape.second > 12 else Waits(reading.order_question)


def _money(reading: Reading, times: int = 1) -> Reader:
    def read(value: object) -> Value | Problem | Waits | None:
        money = parse_money(value, reading.currency, decimal=reading.decimal)
        return _converted(money, reading, times) if isinstance(money, Money) else money

    return read


def _converted(money: Money, reading: Reading, times: int) -> Value | Problem | Waits:
    currency = money.currency or reading.home
    minor = money.minor * times
    if currency == reading.home:
        return Amount(minor, minor, currency)
    rate = reading.rates.get(currency)
    if rate is None:
        question = reading.rate_questions.get(currency)
        return (
            Waits(question)
            if question
            else Problem(f"there is no exchange rate for {currency}", "not_plausible")
        )
    return Amount(round(minor * rate), minor, currency)


def in_currency(reading: Reading, currency: str) -> Reading:
    """Return the reading for a row whose own currency column says this."""
    return replace(reading, currency=currency)


def _number(reading: Reading) -> Reader:
    def read(value: object) -> Value | Problem | None:
        number = parse_number(value, reading.decimal)
        return float(number) if isinstance(number, Decimal) else number

    return read


def _integer(reading: Reading) -> Reader:
    return lambda value: parse_integer(value, reading.decimal)


def _share(reading: Reading) -> Reader:
    def read(value: object) -> Value | Problem | None:
        number = parse_number(value, reading.decimal)
        if not isinstance(number, Decimal):
            return number
        has_sign = isinstance(value, str) and "%" in value
        share = float(number) / 100 if reading.is_percent and not has_sign else float(number)
        return (
            share
            if 0 <= share <= 1
            else Problem(f"{quoted(value)} is not a share of 0 to 100%", "not_plausible")
        )

    return read


def _minutes(reading: Reading) -> Reader:
    def read(value: object) -> Value | Problem | None:
        spoken = _spoken_minutes(value) if isinstance(value, str) else None
        if spoken is not None:
            return spoken
        number = parse_number(value, reading.decimal)
        if not isinstance(number, Decimal):
            return number
        minutes = float(number) * reading.unit_minutes
        if not 0 <= minutes <= 7 * 24 * 60:
            return Problem(f"{quoted(value)} is no length of a meeting", "not_plausible")
        return round(minutes, 2)

    return read


def _spoken_minutes(text: str) -> float | None:
    clock = _CLOCK.match(text.strip())
    if clock:
        first, middle, last = (int(part or 0) for part in clock.groups())
        if clock[1]:
            return first * 60 + middle + last / 60
        return float(middle * 60 + last) if middle <= LONGEST_SPOKEN_HOURS else middle + last / 60
    spoken = _SPOKEN.match(text.strip())
    if spoken and (spoken[1] or spoken[2]):
        return float(spoken[1] or 0) * 60 + float(spoken[2] or 0)
    return None


def _score(reading: Reading) -> Reader:
    return lambda value: to_hundred(
        value, reading.scale, high_is_good=reading.high_is_good, decimal=reading.decimal
    )


def _currency(reading: Reading) -> Reader:
    def read(value: object) -> Value | Problem | None:
        text = text_of(value)
        return currency_of(text, reading.home) if text else None

    return read


_READERS: dict[str, Callable[[Reading], Reader]] = {
    "past": _past,
    "booked": _booked,
    "plan": _plan,
    "week": _week,
    "money": _money,
    "rate": lambda reading: _money(reading, 12),
    "number": _number,
    "integer": _integer,
    "share": _share,
    "minutes": _minutes,
    "score": _score,
    "currency": _currency,
}
