"""Which of day and month a column writes first, from all of its dates.

A first part above 12 proves the day, a second part above 12 proves the month. One proof is enough, two
that contradict each other are a fault, none is a question for a person.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from evenbook.sources.profile.findings import DateFinding, OrderVerdict, Sighting
from evenbook.sources.values import date_shape

MONTHS_OF_A_YEAR = 12
Proof = Literal["day", "month", "either"]


class DateEvidence:
    """Collects what the dates of one column prove."""

    def __init__(self) -> None:
        self.day: Sighting | None = None
        self.month: Sighting | None = None
        self.ambiguous = 0
        self.forms: dict[str, None] = {}
        self.separators: set[str] = set()
        self.has_times = False
        self.example = ""

    def see_text(self, text: str, count: int, row: int) -> bool:
        """Take in a text; return whether it is a date."""
        if self._is_plain_iso(text):
            return True
        shape = date_shape(text)
        if shape is None:
            return False
        self.example = self.example or text.strip()
        self.has_times |= shape.has_time
        self.forms[shape.form] = None
        if shape.form == "numeric":
            self.separators.add(shape.separator)
            self._prove(shape.first, shape.second, count, Sighting(text.strip(), row))
        return True

    def see_typed(self, value: date, *, has_time: bool) -> None:
        """Take in a cell that is a date already."""
        self.forms["typed"] = None
        self.has_times |= has_time
        self.example = self.example or value.isoformat()

    def finding(self) -> DateFinding:
        """Return the verdict."""
        return DateFinding(
            verdict=self._verdict(),
            day_first=self.day,
            month_first=self.month,
            ambiguous_cells=self.ambiguous,
            forms=tuple(self.forms),
            has_times=self.has_times,
            example=self.example,
        )

    def _is_plain_iso(self, text: str) -> bool:
        """Most dates are 2024-03-05, which needs no closer look after the first."""
        if "iso" not in self.forms or len(text) != 10 or text[4] != "-" or text[7] != "-":
            return False
        return (text[:4] + text[5:7] + text[8:]).isdecimal()

    def _prove(self, first: int, second: int, count: int, sighting: Sighting) -> None:
        if first > MONTHS_OF_A_YEAR >= second:
            self.day = self.day or sighting
        elif second > MONTHS_OF_A_YEAR >= first:
            self.month = self.month or sighting
        elif first != second:
            self.ambiguous += count

    def _verdict(self) -> OrderVerdict:
        if self.day and self.month:
            return "mixed"
        if self.day or self.month:
            return "dmy" if self.day else "mdy"
        return "ambiguous" if "numeric" in self.forms else "ymd"
