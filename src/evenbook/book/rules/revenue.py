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
    """A movement to book, before its kind is known.

    ``is_correction`` where it sets right what was booked before: then it is known only now.
    """

    contract: str
    happened_at: datetime
    change_cents: int
    is_correction: bool = False


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


def corrections(terms: Terms, booked: Mapping[datetime, int], changed_at: datetime) -> list[Change]:
    """Return what is still to be booked so that a contract's movements stand as its terms say.

    A new amount counts from when it changed; a moved start or end is set right on its own day.

    Args:
        terms: as the source shows them now.
        booked: the contract's movements so far, summed by instant.
        changed_at: when the source changed the contract, else the load.
    """
    standing = {at: cents for at, cents in sorted(booked.items()) if cents}
    wanted = _with_history(terms, standing, changed_at) if standing and owed(terms) else owed(terms)
    at_its_time = {terms.ends_at, changed_at} - set(standing) if standing else set(wanted)
    return [
        Change(terms.contract, at, cents, is_correction=at not in at_its_time)
        for at in sorted({*wanted, *standing})
        if (cents := wanted.get(at, 0) - standing.get(at, 0))
    ]


def _with_history(
    terms: Terms, standing: Mapping[datetime, int], changed_at: datetime
) -> dict[datetime, int]:
    """Return all movements of a contract, earlier changes of its amount included."""
    start, end = start_of(terms.starts_on), terms.ends_at
    steps = dict(standing)
    if sum(steps.values()) == 0:
        del steps[max(steps)]
    first = min(steps)
    steps[start] = steps.pop(first) if first != start and start not in steps else steps.get(start, 0)
    steps = {at: cents for at, cents in steps.items() if at >= start and (end is None or at < end)}
    missing = terms.arr_cents - sum(steps.values())
    since = changed_at if changed_at > start and (end is None or changed_at < end) else start
    steps[since] = steps.get(since, 0) + missing
    if end is not None:
        steps[end] = -terms.arr_cents
    return steps


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
