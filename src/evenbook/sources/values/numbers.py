"""Numbers, shares and amounts of money as people and tools write them.

The decimal mark is never guessed from one cell: "1,234" is a thousand in one column and a bit
over one in the next, so the caller says which mark the column uses. A cell that breaks the
grouping of its column is a problem, not a number that is off by a thousand.

Numbers are exact decimals; money is whole minor units (cents, or what the currency has).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal

from evenbook.sources.values.blanks import is_nothing, is_sheet_error
from evenbook.sources.values.problem import Problem, quoted

DecimalMark = Literal["point", "comma"]
MarkEvidence = Literal["point", "comma", "either", "plain"]

LARGEST = Decimal(10) ** 18
LONGEST_NUMBER = 60

SIGNS = dict(
    pair.split(":")
    for pair in "€:EUR £:GBP ¥:JPY ₹:INR ₩:KRW ₪:ILS ₺:TRY zł:PLN kč:CZK us$:USD a$:AUD au$:AUD c$:CAD "
    "ca$:CAD nz$:NZD hk$:HKD s$:SGD r$:BRL".split()
)
SHARED_SIGNS = {
    "$": ("USD", "AUD", "CAD", "NZD", "HKD", "SGD", "MXN"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
CODES = frozenset(
    """USD EUR GBP CHF JPY CNY INR AUD CAD NZD HKD SGD BRL MXN SEK NOK DKK ISK PLN CZK HUF RON BGN TRY ILS
    ZAR KRW AED SAR QAR KWD BHD OMR JOD TND EGP MAD NGN KES GHS THB IDR MYR PHP VND TWD CLP COP PEN ARS UYU
    UAH""".split()
)
NO_MINOR_UNIT = frozenset({"JPY", "KRW", "VND", "CLP", "ISK"})
THREE_PLACES = frozenset({"KWD", "BHD", "OMR", "JOD", "TND"})

_MULTIPLES = {"": 1, "k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "b": 10**9, "bn": 10**9}
_UNCLEAR = ("m", "b")
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "−": "-", "’": "'"})
_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?$", re.ASCII)
_BODY = re.compile(
    r"(?P<digits>\d[\d.,' _]*|[.,]\d+)(?:e(?P<power>[+-]?\d{1,3}))?$", re.ASCII | re.IGNORECASE
)
_WITH_UNIT = re.compile(
    r"(.*?(?:\d|[.,]|\d\s*(?:k|mn|mio|m|bn|b)|%))\s*([^\d\s.,%]{1,3})?$", re.IGNORECASE | re.DOTALL
)
_TAIL = re.compile(r"(?P<body>.*?[\d.,])\s*(?P<tail>k|mn|mio|m|bn|b)?\s*(?P<percent>%)?$", re.IGNORECASE)
_GROUPED = {
    "point": re.compile(r"(?:\d+|\d{1,3}(?:([,' _])\d{2,3})(?:\1\d{2,3})*(?<=\d{3}))?(?:\.\d*)?$", re.ASCII),
    "comma": re.compile(r"(?:\d+|\d{1,3}(?:([.' _])\d{2,3})(?:\1\d{2,3})*(?<=\d{3}))?(?:,\d*)?$", re.ASCII),
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in whole minor units. ``currency`` is None where neither cell nor caller said."""

    minor: int
    currency: str | None


@dataclass(frozen=True, slots=True)
class _Written:
    body: str
    negative: bool
    currency: str | None


def parse_number(value: object, decimal: DecimalMark = "point") -> Decimal | Problem | None:
    """Return the number that a cell holds; None for a blank one ("N/A", "-", white space).

    "45%" is 0.45, "1.2k" is 1200, "(5)" is -5. An amount with a currency is a problem here (see
    ``parse_money``), and so is "12m", which may be months, metres or millions.

    Args:
        value: text or a typed cell.
        decimal: the mark of the column; typed cells need none.
    """
    if not isinstance(value, str):
        return _typed(value)
    if decimal == "point" and _PLAIN.match(value):
        return Decimal(value)
    written = _written(value, None)
    if isinstance(written, _Written):
        if written.currency:
            return Problem(f"{quoted(value)} is an amount of money, not a plain number")
        return _plain_number(written, decimal, value)
    return written


def parse_integer(value: object, decimal: DecimalMark = "point") -> int | Problem | None:
    """Return the whole number that a cell holds; "5.0" is 5, "5.5" a problem."""
    number = parse_number(value, decimal)
    if not isinstance(number, Decimal):
        return number
    if number != number.to_integral_value():
        return Problem(f"{quoted(value)} is not a whole number")
    return int(number)


def parse_money(
    value: object, currency: str | None = None, *, decimal: DecimalMark = "point"
) -> Money | Problem | None:
    """Return an amount in minor units with its currency; None for a blank cell.

    Args:
        value: text such as "€ 1.234,50", "USD 12k", "(300.00)", or a typed number.
        currency: ISO code of the column, for cells that name none. It also says which dollar "$" is;
            without it "$" is the US dollar. A cell that names another currency keeps its own.
        decimal: the mark of the column.
    """
    if not isinstance(value, str):
        number, found = _typed(value), currency
    else:
        written = _written(value, currency)
        if not isinstance(written, _Written):
            return written
        number, found = _number(written, decimal, value), written.currency or currency
    if not isinstance(number, Decimal):
        return number
    return Money(minor_units(number, found), found)


def minor_units(amount: Decimal, currency: str | None) -> int:
    """Return ``amount`` in the smallest unit of its currency, halves to even."""
    places = 0 if currency in NO_MINOR_UNIT else 3 if currency in THREE_PLACES else 2
    return int(amount.scaleb(places).to_integral_value(rounding=ROUND_HALF_EVEN))


def currency_of(text: str, default: str | None = None) -> str | Problem | None:
    """Return the ISO code that a cell of a currency column names ("eur", "€", "US$")."""
    if is_nothing(text):
        return None
    return _currency(text.strip(), default)


def decimal_evidence(text: str) -> MarkEvidence | None:
    """Return what one cell proves about its column's decimal mark; None if it is no number.

    ``either`` is a lone mark before exactly three digits ("1,234"), ``plain`` has no mark at all.
    """
    written = _written(text, "USD")
    if not isinstance(written, _Written):
        return None
    tail = _TAIL.match(written.body)
    body = _BODY.match(tail["body"]) if tail else None
    return _evidence(body["digits"]) if body else None


def _evidence(digits: str) -> MarkEvidence | None:
    points, commas = digits.count("."), digits.count(",")
    if not points and not commas:
        return "plain"
    if points and commas:
        return "point" if digits.rfind(".") > digits.rfind(",") else "comma"
    mark, other = (".", ",") if points else (",", ".")
    names: dict[str, MarkEvidence] = {".": "point", ",": "comma"}
    if points + commas > 1:
        return names[other]
    before, _, after = digits.partition(mark)
    return "either" if len(after) == 3 and 1 <= len(before) <= 3 and before != "0" else names[mark]


def _typed(value: object) -> Decimal | Problem | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return Problem(f"{quoted(value)} is not a number")
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number.is_nan():
        return None
    return number if abs(number) < LARGEST else _too_large(value)


def _written(text: str, default: str | None) -> _Written | Problem | None:
    """Take sign, brackets and currency off a cell."""
    if is_nothing(text):
        return None
    plain = text.translate(_SPACES).strip()
    if is_sheet_error(plain):
        return Problem(f"{quoted(plain)} is an error of the spreadsheet, not a number", "damaged")
    if len(plain) > LONGEST_NUMBER:
        return Problem(f"{quoted(plain)} is not a number")
    negative = plain.startswith("(") and plain.endswith(")")
    body = plain[1:-1].strip() if negative else plain
    sign, body, unit = _apart(body)
    if not body:
        return Problem(f"{quoted(text)} is not a number")
    currency = _currency(unit, default) if unit else None
    if isinstance(currency, Problem):
        return Problem(f"{quoted(text)} is not a number")
    return _Written(body, negative != (sign == "-"), currency)


def _apart(text: str) -> tuple[str, str, str]:
    """Split "-€ 5", "€-5", "5- EUR" into sign, digits with their tail, and currency."""
    found = re.match(r"([+-]?)\s*(\D*?)\s*([+-]?)\s*([\d.,].*?)\s*([+-]?)$", text, re.DOTALL)
    if not found:
        return "", "", ""
    lead, unit, inner, body, trail = found.groups()
    signs = lead + inner + trail
    if len(signs) > 1:
        return "", "", ""
    tail = _WITH_UNIT.match(body)
    if tail and tail[2] and tail[2].casefold() not in _MULTIPLES and not unit:
        multiple = tail[2][:1] if tail[2][:1] in "kM" and tail[2][1:] in SIGNS | SHARED_SIGNS else ""
        body, unit = tail[1] + multiple, tail[2].removeprefix(multiple)
    return signs, body, unit.strip()


def _currency(unit: str, default: str | None) -> str | Problem:
    key = unit.casefold().strip(". ")
    if key.upper() in CODES:
        return key.upper()
    if key in SIGNS:
        return SIGNS[key]
    if key in SHARED_SIGNS:
        shared = SHARED_SIGNS[key]
        if default in shared:
            return str(default)
        if key == "$":
            return shared[0]
        return Problem(f"{quoted(unit)} may be any of {', '.join(shared)}")
    return Problem(f"{quoted(unit)} is not a currency")


def _number(written: _Written, decimal: DecimalMark, text: str) -> Decimal | Problem:
    tail = _TAIL.match(written.body)
    body = _BODY.match(tail["body"]) if tail else None
    if tail is None or body is None:
        return Problem(f"{quoted(text)} is not a number")
    digits = body["digits"]
    if not _GROUPED[decimal].match(digits):
        return _wrong_mark(text, decimal)
    mark, groups = (".", ",' _") if decimal == "point" else (",", ".' _")
    clean = "".join(c for c in digits if c not in groups).replace(mark, ".")
    number = Decimal(clean + (f"e{body['power']}" if body["power"] else ""))
    number *= _MULTIPLES[(tail["tail"] or "").lower()]
    if abs(number) >= LARGEST:
        return _too_large(text)
    share = number / 100 if tail["percent"] else number
    return -share if written.negative else share


def _plain_number(written: _Written, decimal: DecimalMark, text: str) -> Decimal | Problem:
    if written.body[-1:] in _UNCLEAR:
        return Problem(f"{quoted(text)} is not a plain number: its last letter may mean many things")
    return _number(written, decimal, text)


def _too_large(value: object) -> Problem:
    return Problem(f"{quoted(value)} is too large to be believed", "not_plausible")


def _wrong_mark(text: str, decimal: DecimalMark) -> Problem:
    used = "point" if decimal == "point" else "comma"
    return Problem(f"{quoted(text)} is not a number when the decimal mark is a {used}", "decimal")
