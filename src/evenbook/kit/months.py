"""Calendar months: their days, the one before, and how they are written."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

WRITTEN = re.compile(r"(?P<year>[12]\d{3})-(?P<month>0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month, ordered by time."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month that holds a day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Month | None:
        """Return the month written as 2026-11, None where it is none."""
        found = WRITTEN.fullmatch(text.strip())
        return cls(int(found["year"]), int(found["month"])) if found else None

    @property
    def key(self) -> str:
        """The month as it is written in addresses: 2026-11."""
        return f"{self.year}-{self.number:02d}"

    @property
    def title(self) -> str:
        """The month in words: November 2026."""
        return f"{self.first:%B} {self.year}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    @property
    def before(self) -> Month:
        """The month before."""
        return Month.of(self.first - timedelta(days=1))

    def holds(self, day: date | None) -> bool:
        """Return whether a day is in it; no day is in none."""
        return day is not None and self.first <= day <= self.last
