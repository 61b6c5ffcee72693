"""What the words of a column header say: its plain form, a unit, a currency. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTS = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z])|[A-Z]{2,}(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_]+")
_BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
_SIGNS = {"€": "EUR", "£": "GBP", "$": "USD", "¥": "JPY"}
_CURRENCIES = frozenset(
    "usd eur gbp chf jpy inr aud cad nzd sek nok dkk pln brl sgd hkd mxn zar czk ils".split()
)
_UNITS = {
    "ms": 1 / 60_000, "millis": 1 / 60_000, "milliseconds": 1 / 60_000,
    "s": 1 / 60, "sec": 1 / 60, "secs": 1 / 60, "second": 1 / 60, "seconds": 1 / 60,
    "m": 1.0, "min": 1.0, "mins": 1.0, "minute": 1.0, "minutes": 1.0,
    "h": 60.0, "hr": 60.0, "hrs": 60.0, "hour": 60.0, "hours": 60.0,
}  # fmt: skip
_SHORT = frozenset({"ms", "s", "sec", "m", "min", "h", "second"})
"""Words for a unit that mean something else as well, so that only the end of a header or brackets tell."""


@dataclass(frozen=True, slots=True)
class Header:
    """A column header, taken apart.

    Args:
        text: as the file has it.
        plain: its words in lower case, joined by underscores: ``AccountName`` is ``account_name``.
        currency: ISO code that it names, or "".
        minutes: minutes in one of the unit that it names; None where it names none.
    """

    text: str
    plain: str
    currency: str = ""
    minutes: float | None = None


def header(text: str) -> Header:
    """Return a column header, taken apart.

    Prefixes and suffixes of tools (``property_``, ``__c``) are taken off; a currency or unit at the
    end or in brackets is told and taken off too, so that "ARR (USD)" is an ARR in dollars.
    """
    inner = " ".join(_BRACKETS.findall(text))
    words = [word.lower() for word in _PARTS.findall(_BRACKETS.sub(" ", text))]
    if text.endswith(("__c", "_c")) and len(words) > 1 and words[-1] == "c":
        words.pop()
    if words[:1] == ["property"] and len(words) > 1:
        words.pop(0)
    currency = _currency(words, inner, text)
    if currency and len(words) > 1 and words[-1] == currency.lower():
        words.pop()
    minutes = _minutes(words, inner)
    return Header(text, "_".join(words), currency, minutes)


def _currency(words: list[str], inner: str, text: str) -> str:
    named = [word for word in (*inner.lower().split(), words[-1] if words else "") if word in _CURRENCIES]
    if named:
        return named[0].upper()
    return next((code for sign, code in _SIGNS.items() if sign in text), "")


def _minutes(words: list[str], inner: str) -> float | None:
    inside = [word for word in re.findall(r"[a-z]+", inner.lower()) if word in _UNITS]
    if inside:
        return _UNITS[inside[0]]
    last = words[-1] if len(words) > 1 else ""
    if last in _UNITS and last not in {"m", "s", "h"}:
        return _UNITS[last]
    spelled = [word for word in words if word in _UNITS and word not in _SHORT]
    return _UNITS[spelled[0]] if len(spelled) == 1 else None
