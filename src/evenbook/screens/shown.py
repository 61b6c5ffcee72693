"""How numbers are said: at most three significant figures where they are skimmed, exact on hover.

Units: ``count``, ``percent`` (86.2 is 86%), ``share`` (0.862 is 86%), ``hours``, ``days``,
``points``, ``money`` (minor units of a currency), ``number``. A missing value is a dash, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import floor, log10

MISSING = "–"
MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
SUFFIXES = ((1_000_000_000, "bn"), (1_000_000, "M"), (1_000, "k"))
AFTER = {"hours": "h", "days": "d", "points": "points"}


@dataclass(frozen=True)
class Shown:
    """A number as it is said (``text``), as it is (``exact``) and as machines read it (``value``)."""

    text: str
    exact: str
    value: str


def shown(number: float | None, unit: str = "number", *, currency: str = "") -> Shown:
    """Return how ``number`` of ``unit`` is said.

    The text leaves out units that a heading says (hours, money); the exact form has them.
    """
    if number is None:
        return Shown(MISSING, "no value", "")
    if unit == "money":
        major = number / 100
        return Shown(brief(major), f"{_plain(major, 2)} {currency}".strip(), machine(major))
    if unit in {"percent", "share"}:
        percent = number * 100 if unit == "share" else number
        return Shown(percent_text(percent), f"{_plain(percent, 2)}%", machine(number))
    if unit == "count":
        return Shown(brief(number), _plain(number, 0 if float(number).is_integer() else 2), machine(number))
    exact = f"{_plain(number, 2)}{SPACE}{AFTER[unit]}" if unit in AFTER else _plain(number, 4)
    return Shown(brief(number), exact, machine(number))


def brief(number: float) -> str:
    """Return ``number`` with at most three significant figures: 1.24M, 310k, 86.2, 0.05."""
    size = abs(number)
    for least, suffix in SUFFIXES:
        if _rounded(size) >= least:
            return _signed(f"{_three(size / least)}{suffix}", number)
    return _signed(_three(size), number)


def percent_text(percent: float) -> str:
    """Return a percent with no more figures than a glance can use: 86%, 107%, 4.1%."""
    size = abs(percent)
    text = f"{size:.0f}" if size >= 10 or size == 0 else f"{size:.1f}".removesuffix(".0")
    if float(text) == 0:
        return "0%" if size == 0 else f"under{SPACE}0.1%"
    return _signed(f"{text}%", percent)


def machine(number: float) -> str:
    """Return ``number`` for an attribute that a program reads: no grouping, a point, all digits."""
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def difference(number: float, unit: str = "number") -> str:
    """Return a difference with its sign: +12, −4 points (of percent), unchanged."""
    points = number * 100 if unit == "share" else number
    if unit in {"percent", "share"}:
        said = brief(abs(round(points, 1 if abs(points) < 10 else 0)))
        return "unchanged" if said == "0" else f"{_sign(points)}{said} {plural(float(said), 'point')}"
    said = shown(abs(number), unit).text
    return "unchanged" if number == 0 else f"{_sign(number)}{said}"


def day_text(day: date) -> str:
    """Return a day as 9 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


def number_word(count: int, *, start: bool = False) -> str:
    """Return a count as prose says it: words up to nine, then figures; capital at a sentence's start."""
    if 0 <= count < len(WORDS):
        return WORDS[count] if start else WORDS[count].lower()
    return f"{count:,}"


def plural(count: float, one: str, many: str = "") -> str:
    """Return the noun that goes with ``count``."""
    return one if count == 1 else many or f"{one}s"


def _sign(number: float) -> str:
    return "+" if number > 0 else MINUS


def _rounded(size: float) -> float:
    if size == 0:
        return 0.0
    return round(size, 2 - floor(log10(size)))


def _three(size: float) -> str:
    if size == 0:
        return "0"
    rounded = _rounded(size)
    digits = max(0, 2 - floor(log10(rounded)))
    text = f"{rounded:.{min(digits, 6)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(number: float, digits: int) -> str:
    text = f"{abs(number):,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return _signed(text, number)


def _signed(text: str, number: float) -> str:
    return f"{MINUS}{text}" if number < 0 else text
