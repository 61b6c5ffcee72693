"""What kind of value one cell holds, looked at on its own."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from evenbook.sources.profile.findings import CellKind
from evenbook.sources.values import (
    Money,
    date_shape,
    decimal_evidence,
    is_formula,
    parse_boolean,
    parse_money,
)

_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@]+\.[a-z]{2,}$", re.IGNORECASE)
_URL = re.compile(r"https?://\S+$", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}$", re.IGNORECASE)


def kind_of(value: object) -> CellKind:
    """Return the kind of a cell that is not blank."""
    return _kind_of_text(value.strip()) if isinstance(value, str) else _kind_of_typed(value)


def _kind_of_typed(value: object) -> CellKind:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, date):
        return "date"
    if isinstance(value, Decimal):  # a division to the whole has no room for a great exponent
        return "integer" if value.is_finite() and value == value.to_integral_value() else "decimal"
    if isinstance(value, int | float):
        return "integer" if value == value // 1 else "decimal"
    return "text"


def _kind_of_text(text: str) -> CellKind:
    if text[0].isdecimal() and date_shape(text) is not None and not text.isdecimal():
        return "date"
    number = _number_kind(text)
    if number is not None:
        return number
    if is_formula(text):
        return "formula"
    if isinstance(parse_boolean(text), bool):
        return "boolean"
    return "date" if date_shape(text) is not None else _address_kind(text)


def _number_kind(text: str) -> CellKind | None:
    evidence = decimal_evidence(text)
    if evidence is None:
        return None
    if text.endswith("%"):
        return "percent"
    amount = parse_money(text, decimal="comma" if evidence == "comma" else "point")
    if isinstance(amount, Money) and amount.currency:
        return "money"
    return "integer" if evidence == "plain" else "decimal"


def _address_kind(text: str) -> CellKind:
    if _MAIL.match(text):
        return "email"
    if _URL.match(text):
        return "url"
    return "domain" if _DOMAIN.match(text) else "text"
