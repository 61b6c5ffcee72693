"""The sample's time: days as numbers, from the Monday on which its history starts.

Everything is drawn in days (day 0 is that Monday, UTC) and becomes dates and instants at the end, so
the whole company shifts with ``as_of``. ``cut`` is the early morning of the as-of day: what a feed
had delivered by then is there, nothing later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from evenbook.kit.dates import monday_of

Floats = npt.NDArray[Any]
Ints = npt.NDArray[Any]
Flags = npt.NDArray[Any]
"""Arrays of days or amounts, of places or counts, of yes and no. Arithmetic widens the exact types."""

NEVER = np.nan
CUT_HOUR = 6
OPENING_HOUR = (14.0, 7.0, 1.0)
"""When a working day starts in the Americas, Europe and Asia-Pacific, in hours UTC."""


@dataclass(frozen=True)
class Axis:
    """The window of history that ends on the as-of day."""

    as_of: date
    years: int = 2

    @property
    def weeks(self) -> int:
        """Return how many whole weeks of history there are."""
        return 52 * self.years

    @cached_property
    def first_on(self) -> date:
        """Return the Monday of day 0."""
        return monday_of(self.as_of) - timedelta(weeks=self.weeks)

    @cached_property
    def cut(self) -> float:
        """Return the day, with its fraction, after which nothing is known."""
        return (self.as_of - self.first_on).days + CUT_HOUR / 24

    def day_of(self, day: date) -> float:
        """Return the number of a date."""
        return float((day - self.first_on).days)

    def date_of(self, day: float) -> date:
        """Return the date of a day number."""
        return self.first_on + timedelta(days=int(np.floor(day)))

    def instants(self, days: Floats) -> pa.Array:
        """Return days as UTC instants, to the second; null where there is none."""
        seconds = np.round(np.where(np.isnan(days), 0, days) * 86_400).astype(np.int64)
        start = np.datetime64(self.first_on, "us").astype(np.int64)
        return pa.array(start + seconds * 1_000_000, mask=np.isnan(days)).cast(pa.timestamp("us"))

    def dates(self, days: Floats) -> pa.Array:
        """Return days as dates; null where there is none."""
        whole = np.floor(np.where(np.isnan(days), 0, days)).astype(np.int32)
        start = np.datetime64(self.first_on, "D").astype(np.int32)
        return pa.array(start + whole, mask=np.isnan(days)).cast(pa.date32())

    def week_starts(self) -> list[date]:
        """Return the Mondays of the whole weeks."""
        return [self.first_on + timedelta(weeks=week) for week in range(self.weeks)]


def at_work(days: Floats, region: Ints, rng: np.random.Generator) -> Floats:
    """Return days moved off the weekend and into the working hours of a region."""
    whole = np.floor(days)
    weekday = np.mod(whole, 7)
    monday = whole + np.where(weekday >= 5, 7 - weekday, 0)
    hour = np.asarray(OPENING_HOUR)[region] + rng.uniform(0, 8, size=len(days))
    return np.asarray(monday + np.round(hour * 4) / 96)


def stream(seed: int, name: str, block: int = 0) -> np.random.Generator:
    """Return the generator of one part of the company: parts can change without moving each other."""
    return np.random.default_rng([seed, block, *name.encode()])
