"""The numbers of a column: their range, and whether a point or a comma is the decimal mark.

The range is kept under both readings until the column is through, because the proof may come last.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal

from evenbook.sources.profile.findings import MarkVerdict, NumberFinding, Sighting
from evenbook.sources.values import Money, decimal_evidence, parse_money

_PLAIN = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?$", re.ASCII)
_CERTAIN = re.compile(r"-?(?:0|\d{4,})?\.\d+$|-?\d+\.(?:\d{1,2}|\d{4,})$", re.ASCII)


class _Range:
    def __init__(self) -> None:
        self.minimum: float = math.inf
        self.maximum: float = -math.inf
        self.whole, self.negatives = True, 0

    def see(self, number: float, count: int) -> None:
        if number < self.minimum:
            self.minimum = number
        if number > self.maximum:
            self.maximum = number
        if number < 0:
            self.negatives += count
        if self.whole and number != int(number):
            self.whole = False


class NumberEvidence:
    """Collects what the numbers of one column prove."""

    def __init__(self) -> None:
        self.by_point, self.by_comma = _Range(), _Range()
        self.point: Sighting | None = None
        self.comma: Sighting | None = None
        self.open = False
        self.percents = 0
        self.currencies: dict[str, None] = {}

    def see_whole(self, texts: list[str]) -> None:
        """Take in texts of nothing but digits, all at once."""
        if texts:
            for found in (self.by_point, self.by_comma):
                found.minimum = min(found.minimum, min(map(int, texts)))
                found.maximum = max(found.maximum, max(map(int, texts)))

    def see_text(self, text: str, count: int, row: int) -> bool:
        """Take in a text; return whether it is a number."""
        if _PLAIN.match(text):
            self._see_plain(text, count, row)
            return True
        evidence = decimal_evidence(text)
        if evidence is None:
            return False
        stripped = text.strip()
        if evidence == "point":
            self.point = self.point or Sighting(stripped, row)
        elif evidence == "comma":
            self.comma = self.comma or Sighting(stripped, row)
        self.open |= evidence == "either"
        self.percents += count if stripped.endswith("%") else 0
        self._see_amount(parse_money(text), self.by_point, count)
        self._see_amount(parse_money(text, decimal="comma"), self.by_comma, count)
        return True

    def see_typed(self, value: float | Decimal, count: int) -> bool:
        """Take in a cell that is a number already."""
        number = float(value)
        if math.isfinite(number):
            self.by_point.see(number, count)
        return math.isfinite(number)

    def finding(self) -> NumberFinding | None:
        """Return range and verdict; None where no number was seen."""
        mark = self._verdict()
        found = self.by_comma if mark == "comma" else self.by_point
        if found.minimum > found.maximum:
            return None
        return NumberFinding(
            minimum=_exact(found.minimum),
            maximum=_exact(found.maximum),
            whole=found.whole,
            negatives=found.negatives,
            mark=mark,
            comma=self.comma,
            point=self.point,
            currencies=tuple(self.currencies),
            percents=self.percents,
        )

    def _see_plain(self, text: str, count: int, row: int) -> None:
        number = float(text)
        self.by_point.see(number, count)
        if "." not in text:
            self.by_comma.see(number, count)
        elif self.point is None and _CERTAIN.match(text):
            self.point = Sighting(text, row)
        elif not _CERTAIN.match(text):
            self.open = True
            self.by_comma.see(float(text.replace(".", "")), count)

    def _see_amount(self, amount: object, into: _Range, count: int) -> None:
        if isinstance(amount, Money):
            into.see(amount.minor / 100, count)
            if amount.currency:
                self.currencies[amount.currency] = None

    def _verdict(self) -> MarkVerdict:
        if self.point and self.comma:
            return "mixed"
        if self.comma:
            return "comma"
        return "ambiguous" if self.open and not self.point else "point"


def _exact(number: float) -> Decimal:
    return Decimal(int(number)) if number == int(number) else Decimal(repr(number))
