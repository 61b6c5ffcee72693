"""Ids and names, brought to one form so that equal things compare as equal.

Names are only made exact: letter case, spaces and punctuation go, words stay. Legal forms
(Inc, GmbH) stay too: "Acme Inc" and "Acme GmbH" are two companies until a person says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evenbook.sources.values.blanks import is_blank, is_sheet_error, text_of
from evenbook.sources.values.problem import Problem, quoted

_SALESFORCE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5a-z]{3})?$", re.ASCII)
_CHECK_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d{2,}$", re.ASCII)
_WHOLE_FLOAT = re.compile(r"\d+\.0$", re.ASCII)
_APOSTROPHES = str.maketrans("", "", "'’‘ʼ`´")
_MEANINGFUL = frozenset("#@%*")


def parse_id(value: object) -> str | Problem | None:
    """Return an id as text; None for a blank cell.

    5, 5.0 and "5.0" are the same id. An id that a spreadsheet shortened ("1.23E+11") is a problem:
    its last digits are gone.
    """
    text = text_of(value)
    if text is None:
        return None
    if _SHORTENED.match(text):
        return Problem(f"{quoted(text)} is an id that a spreadsheet shortened", "damaged")
    if is_sheet_error(text):
        return Problem(f"{quoted(text)} is an error of the spreadsheet, not an id", "damaged")
    return text[:-2] if _WHOLE_FLOAT.match(text) else text


def salesforce_id(text: str) -> str | None:
    """Return the 18-character form of a Salesforce id of 15 or 18 characters; None if it is neither.

    The last three characters only repeat which of the first 15 are capitals, so both forms name the
    same record. Eighteen characters whose check does not fit are not an id, unless letter case was
    lost on the way: then the check gives it back.
    """
    if not _SALESFORCE.match(text):
        return None
    if len(text) == 15:
        return text + _check(text)
    check = text[15:].upper()
    if _check(text[:15]) == check:
        return text[:15] + check
    return _recased(text[:15], check)


def same_id(value: object) -> str | Problem | None:
    """Return an id in the form under which ids of Salesforce compare; others as ``parse_id``."""
    found = parse_id(value)
    return salesforce_id(found) or found if isinstance(found, str) else found


@lru_cache(maxsize=65_536)
def match_name(text: str) -> str | None:
    """Return a name for exact comparison; None where nothing is left of it.

    NFKC, letter case folded, "&" read as "and", apostrophes gone, other punctuation and
    white space one space. "GTX Pro" and "GTXPro" stay two names.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES).replace("&", " and ")
    spaced = "".join(" " if _is_punctuation(c) else c for c in unicodedata.normalize("NFKC", folded))
    return " ".join(spaced.split()) or None


def name_of(value: object) -> str | None:
    """Return a name to show: text in one line with single spaces; None for a blank cell."""
    if is_blank(value):
        return None
    return " ".join((text_of(value) or "").split()) or None


def _is_punctuation(character: str) -> bool:
    if character in _MEANINGFUL:
        return False
    return unicodedata.category(character)[0] in "PZC"


def _check(fifteen: str) -> str:
    groups = (fifteen[start : start + 5] for start in (0, 5, 10))
    capitals = (sum(1 << place for place, c in enumerate(five) if "A" <= c <= "Z") for five in groups)
    return "".join(_CHECK_LETTERS[bits] for bits in capitals)


def _recased(fifteen: str, check: str) -> str | None:
    """Put capitals where the check says they are, if the text lost its letter case."""
    if fifteen not in (fifteen.lower(), fifteen.upper()):
        return None
    bits = [_CHECK_LETTERS.index(c) >> place & 1 for c in check for place in range(5)]
    recased = "".join(c.upper() if bit else c.lower() for c, bit in zip(fifteen, bits, strict=True))
    return recased + check if _check(recased) == check else None
