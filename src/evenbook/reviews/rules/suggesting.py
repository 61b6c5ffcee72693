"""What a review suggests: the organization's own words, where a figure of the account says so.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evenbook.reviews.numbers import Suggestion
from evenbook.reviews.rules.said import percent

MOST = 3
"""Suggestions of a review; with more of them none is followed."""


@dataclass(frozen=True)
class Measured:
    """The figures that suggestions rest on; None where one is not known.

    Attributes:
        share: of the seats in use.
        change: of usage since the last review, as a share of the earlier level.
        unused: features that are not used yet.
        tickets: opened since the last review.
        days_unmet: since the last meeting.
    """

    share: float | None = None
    change: float | None = None
    unused: int = 0
    tickets: int = 0
    days_unmet: int | None = None


@dataclass(frozen=True)
class Suggested:
    """A suggestion, and the figure that it rests on in words."""

    says: str
    because: str


def suggested(measured: Measured, rows: Iterable[Suggestion]) -> tuple[Suggested, ...]:
    """Return what is suggested, in the order of policy, each kind once."""
    found: dict[str, Suggested] = {}
    for row in rows:
        because = _because(measured, row)
        if because and row.when not in found:
            found[row.when] = Suggested(row.says, because)
    return tuple(found.values())[:MOST]


def _because(measured: Measured, row: Suggestion) -> str:
    return next(_reasons(measured, row), "")


def _reasons(measured: Measured, row: Suggestion) -> Iterator[str]:
    share, change = measured.share, measured.change
    if row.when == "seats_free" and share is not None and share < row.least:
        yield f"{percent(share)} of the seats are in use."
    if row.when == "seats_full" and share is not None and share > row.least:
        yield f"{percent(share)} of the seats are in use."
    if row.when == "usage_rose" and change is not None and change >= row.least:
        yield f"Use rose by {percent(change)}."
    if row.when == "usage_fell" and change is not None and -change >= row.least:
        yield f"Use fell by {percent(-change)}."
    yield from _counted_reasons(measured, row)


def _counted_reasons(measured: Measured, row: Suggestion) -> Iterator[str]:
    days = measured.days_unmet
    if row.when == "feature_unused" and measured.unused and measured.unused >= row.least:
        yield f"{measured.unused} of what you have is not used yet."
    if row.when == "tickets_many" and measured.tickets and measured.tickets >= row.least:
        yield f"{measured.tickets} questions were opened."
    if row.when == "not_met" and days is not None and days >= row.least:
        yield f"We last met {days} days ago."
