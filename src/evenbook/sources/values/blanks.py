"""When a cell holds nothing, and what it holds as text.

Only white space is blank in a column of text: there "NA" may be a country and "None" a name.
Columns of numbers, dates and yes/no also take the words that exports write for nothing.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal

BLANK_WORDS = frozenset(
    {"n/a", "na", "#n/a", "null", "none", "nil", "nan", "-", "--", "–", "—", "\\n", "(blank)"}
    | {"(none)", "(null)", "<null>", "n.a.", "?", "not set", "no value", "#null!"}
)
SHEET_ERRORS = frozenset({"#ref!", "#value!", "#div/0!", "#name?", "#num!", "#spill!", "#calc!", "########"})
NOT_NEGATIVE = re.compile(r"-(?:[\s-]*|[\d.,\s]+%?)$")
TELEPHONE = re.compile(r"\+(?:[\s().-]*\d){7,15}$")


def is_blank(value: object) -> bool:
    """Return whether a cell of a text column holds nothing."""
    return value is None or (isinstance(value, str) and (not value or value.isspace()))


def is_nothing(value: object) -> bool:
    """Return whether a cell of a number, date or yes/no column holds nothing: also "N/A", "-"."""
    if not isinstance(value, str):
        return value is None
    text = value.strip().casefold()
    return not text or text in BLANK_WORDS


def is_sheet_error(text: str) -> bool:
    """Return whether a spreadsheet could not work this cell out (``#REF!``, ``########``)."""
    return text.startswith("#") and text.casefold() in SHEET_ERRORS


def is_formula(value: object) -> bool:
    """Return whether a spreadsheet that opens this text would run it.

    Text that starts with = + - @, a tab or a carriage return, apart from negative numbers, dashes
    and telephone numbers. Such text is kept as it is and never worked out; whoever exports it
    again has to make it harmless.
    """
    if not isinstance(value, str) or not value or value[0] not in "=+-@\t\r":
        return False
    if value[0] == "-":
        return NOT_NEGATIVE.match(value) is None
    return value[0] != "+" or TELEPHONE.match(value) is None


def text_of(value: object) -> str | None:
    """Return a cell as text without white space around it; None where it is blank.

    Typed cells read as a person would write them: 5.0 is "5", yes is "true", a date is ISO.
    """
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    return _typed_text(value)


def _typed_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)
