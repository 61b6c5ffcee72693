"""The evidence for where an add-on is sold, and when its rung is to be looked at again.

With and without: the close rate and the days to close of first sales that carried the add-on, beside those
that did not; and of sales of the add-on itself, beside those of the other add-ons. What the records do not
hold is said, never guessed. To go together is not to be caused.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median

from evenbook.expansion.numbers.ladder import LadderNumbers
from evenbook.expansion.rules.pipeline import wilson
from evenbook.kit.dates import months_before, start_of

NEW, EXPANSION = "new", "expansion"


@dataclass(frozen=True)
class Sale:
    """A sale as told by an instant: ``kind`` is ``new`` for the first to a customer, else ``expansion``."""

    account_id: int
    kind: str
    product: str
    opened_at: datetime
    ended_at: datetime | None
    won: bool


@dataclass(frozen=True)
class Closing:
    """How a group of sales ended: how many, how many won, and the days that took in the middle."""

    ended: int
    won: int
    days: float | None

    @property
    def rate(self) -> float | None:
        """Won of those that ended."""
        return self.won / self.ended if self.ended else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson interval of the rate."""
        return wilson(self.won, self.ended) if self.ended else None


@dataclass(frozen=True)
class Evidence:
    """Of an add-on: first sales with it and without it, its own sales and those of the others."""

    product: str
    first_with: Closing
    first_without: Closing
    own: Closing
    others: Closing


def evidence(product: str, sales: Sequence[Sale], numbers: LadderNumbers) -> Evidence:
    """Return what the sales say of where an add-on is sold."""
    wanted = product.casefold()
    own = [each for each in sales if each.product.casefold() == wanted]
    near: dict[int, list[datetime]] = {}
    for each in own:
        near.setdefault(each.account_id, []).append(each.opened_at)
    span = timedelta(days=numbers.with_days)

    def carried(first: Sale) -> bool:
        opened = near.get(first.account_id, ())
        return first.product.casefold() == wanted or any(
            first.opened_at <= at <= first.opened_at + span for at in opened
        )

    first = [each for each in sales if each.kind == NEW]
    added = [each for each in sales if each.kind == EXPANSION]
    return Evidence(
        product,
        first_with=closing(each for each in first if carried(each)),
        first_without=closing(each for each in first if not carried(each)),
        own=closing(each for each in added if each.product.casefold() == wanted),
        others=closing(each for each in added if each.product.casefold() != wanted),
    )


def closing(sales: Iterable[Sale]) -> Closing:
    """Return how sales ended; those under way count for nothing yet."""
    ended = [(each, each.ended_at) for each in sales if each.ended_at is not None]
    won = [(at - each.opened_at).total_seconds() / 86_400 for each, at in ended if each.won]
    return Closing(len(ended), len(won), median(won) if won else None)


def recheck(
    sales: Sequence[Sale], starts: Sequence[tuple[datetime, datetime]], as_of: date, numbers: LadderNumbers
) -> tuple[str, ...]:
    """Return why the ladder is to be looked at again, in sentences; empty where nothing slipped.

    Args:
        sales: all that are told by the day.
        starts: of each customer when they started and when they came past onboarding.
        as_of: the day.
        numbers: how much has to slip, and how many it takes to say so.
    """
    middle, first = (start_of(months_before(as_of, numbers.recheck_months * times)) for times in (1, 2))
    found = (_slipped_rate(sales, first, middle, numbers), _slipped_value(starts, first, middle, numbers))
    return tuple(each for each in found if each)


def _slipped_rate(sales: Sequence[Sale], first: datetime, middle: datetime, numbers: LadderNumbers) -> str:
    ended = [each for each in sales if each.kind == NEW and each.ended_at is not None]
    before = closing(each for each in ended if each.ended_at and first <= each.ended_at < middle)
    now = closing(each for each in ended if each.ended_at and each.ended_at >= middle)
    if min(before.ended, now.ended) < numbers.least_sales or before.rate is None or now.rate is None:
        return ""
    if before.rate - now.rate < numbers.close_rate_drop:
        return ""
    return (
        f"First sales close at {now.rate:.0%} ({now.ended}), {before.rate:.0%} ({before.ended}) "
        f"in the {numbers.recheck_months} months before."
    )


def _slipped_value(
    starts: Sequence[tuple[datetime, datetime]], first: datetime, middle: datetime, numbers: LadderNumbers
) -> str:
    before = [(done - began).days for began, done in starts if first <= done < middle]
    now = [(done - began).days for began, done in starts if done >= middle]
    if min(len(before), len(now)) < numbers.least_sales:
        return ""
    was, took = median(before), median(now)
    if was <= 0 or took / was - 1 < numbers.value_rise:
        return ""
    return f"Customers take {took:.0f} days to value ({len(now)}), {was:.0f} ({len(before)}) before."
