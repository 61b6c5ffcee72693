"""What contracts say about recurring revenue, as dated movements.

A contract adds its yearly revenue on its first day and takes it away on its last, unless it is
said to go on. Movements are never changed: where a later load says something else, the
difference is booked on the day it concerns. The revenue on a day is the sum of the movements.

The kind of a movement follows from what the account had when it happened: the first revenue is
new, more is expansion, less contraction, and the last of it churn. Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from evenbook.kit.dates import start_of

NEW, EXPANSION, CONTRACTION, CHURN, STATED = "new", "expansion", "contraction", "churn", "stated"


@dataclass(frozen=True, slots=True)
class Terms:
    """The revenue a contract stands for.

    Args:
        contract: what the movements are filed under.
        arr_cents: yearly revenue in the organization's currency.
        starts_on: first day.
        ends_at: when it stops counting; None while it goes on.
    """

    contract: str
    arr_cents: int
    starts_on: date
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A movement to book, before its kind is known."""

    contract: str
    happened_at: datetime
    change_cents: int


def ends_at(
    ends_on: date | None, lost_at: datetime | None, *, goes_on: bool, starts: Collection[date]
) -> datetime | None:
    """Return when a contract's revenue stops counting.

    A lost contract counts until it was lost, another through its last day; but where the next
    contract of the account starts on that very day, the two do not overlap.

    Args:
        ends_on: last day of the term.
        lost_at: when it was cancelled.
        goes_on: whether the source says that it is in force or renews by itself.
        starts: first days of the account's contracts.
    """
    if lost_at:
        return lost_at
    if ends_on is None or goes_on:
        return None
    return start_of(ends_on) if ends_on in starts else start_of(ends_on) + timedelta(days=1)


def owed(terms: Terms) -> dict[datetime, int]:
    """Return the movements that a contract's terms stand for, by instant."""
    start = start_of(terms.starts_on)
    if not terms.arr_cents or (terms.ends_at and terms.ends_at <= start):
        return {}
    movements = {start: terms.arr_cents}
    if terms.ends_at:
        movements[terms.ends_at] = -terms.arr_cents
    return movements


def corrections(terms: Terms, booked: Mapping[datetime, int]) -> list[Change]:
    """Return what is still to be booked so that the movements of a contract stand as its terms say."""
    wanted = owed(terms)
    differences = {at: wanted.get(at, 0) - booked.get(at, 0) for at in sorted({*wanted, *booked})}
    return [Change(terms.contract, at, cents) for at, cents in differences.items() if cents]


def kinds_of(changes: Sequence[Change], booked: Iterable[tuple[datetime, int]]) -> list[str]:
    """Return the kind of each new movement of one account, in the order of ``changes``.

    Movements of one day are taken together, so that a contract followed by its renewal is neither
    churn nor a new customer.
    """
    by_day: dict[datetime, int] = defaultdict(int)
    for at, cents in booked:
        by_day[at] += cents
    for change in changes:
        by_day[change.happened_at] += change.change_cents
    after: dict[datetime, tuple[int, int, bool]] = {}
    total, had_any = 0, False
    for at in sorted(by_day):
        before, total = total, total + by_day[at]
        after[at] = (before, total, had_any)
        had_any = had_any or total > 0
    return [_kind(change.change_cents, *after[change.happened_at]) for change in changes]


def _kind(cents: int, before: int, total: int, had_any: bool) -> str:
    if cents > 0:
        return NEW if before <= 0 and not had_any else EXPANSION
    return CHURN if total <= 0 < before else CONTRACTION
