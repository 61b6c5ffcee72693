"""What the slides of a review share: for whom they are, what was measured, figures with their rows.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from statistics import fmean

from evenbook.kit.dates import last_full_week
from evenbook.reviews.numbers import ReviewsNumbers
from evenbook.reviews.rules.deck import Figure
from evenbook.reviews.rules.facts import Facts, Has
from evenbook.reviews.rules.said import day_text, plain_number
from evenbook.reviews.rules.wording import Words

MOST_KEPT = 200
"""Rows of a figure that the page shows; more are counted."""


@dataclass(frozen=True)
class Drawing:
    """What all slides of an account are drawn from.

    Attributes:
        facts: as they were known by the end of ``as_of``.
        numbers: the policy of reviews.
        words: how it is worded.
        since_on, as_of: from which day it tells, and up to which.
        measure: the usage measure that says how many people work in the product.
    """

    facts: Facts
    numbers: ReviewsNumbers
    words: Words
    since_on: date
    as_of: date
    measure: str

    @property
    def span(self) -> str:
        """From when to when, in words."""
        return f"from {day_text(self.since_on)} to {day_text(self.as_of)}"

    def used(self, measure: str) -> Mapping[date, float]:
        """Return what was used of a measure, by the Monday of the week."""
        return {each.week_on: each.value for each in self.facts.used if each.measure == measure}

    @cached_property
    def weeks(self) -> Mapping[date, float]:
        """How many people worked in the product, by the Monday of the week."""
        return self.used(self.measure)

    def level(self, by: date) -> float | None:
        """Return the mean of the last weeks before a day; None where nothing was reported in them."""
        last = last_full_week(by)
        days = [last - timedelta(weeks=back) for back in range(self.numbers.level_weeks)]
        held = [self.weeks[day] for day in days if day in self.weeks]
        return fmean(held) if held else None

    @cached_property
    def contracts(self) -> tuple[Has, ...]:
        """The contracts that are in force on the day."""
        return tuple(
            each
            for each in self.facts.products
            if (each.starts_on is None or each.starts_on <= self.as_of)
            and (each.ends_on is None or each.ends_on >= self.as_of)
        )

    @property
    def products(self) -> frozenset[str]:
        """The products that the customer has."""
        return frozenset(each.product for each in self.contracts if each.product)

    @property
    def seats(self) -> float | None:
        """The seats that are paid for: as sources tell them, else the most of a contract in force."""
        if self.facts.seats:
            return max(self.facts.seats, key=lambda each: each[1])[0] or None
        return max((each.seats for each in self.contracts if each.seats), default=None)


def rows_figure(
    key: str, title: str, rows: tuple[tuple[str, ...], ...], *, means: str, columns: tuple[str, ...]
) -> Figure:
    """Return a figure that counts its rows."""
    return Figure(key, title, plain_number(len(rows)), len(rows), means, columns, rows[:MOST_KEPT], len(rows))
