"""Booking recurring revenue: what contracts imply, what accounts state, and movements as they are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from evenbook.book.actions.writing import Written, chunks, insert
from evenbook.book.models import RevenueMovement
from evenbook.book.rules.revenue import STATED, Change, Terms, corrections, kinds_of


@dataclass(frozen=True, slots=True)
class Booking:
    """What to book for an account, with the money as its source gave it.

    ``original_cents`` and ``original_currency`` are set where the amount was converted.
    """

    account: int
    source: str
    currency: str
    original_cents: int | None = None
    original_currency: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement as a file of movements gives it; ``label`` tells it from others."""

    booking: Booking
    label: str
    kind: str
    change_cents: int
    happened_at: datetime


def book_terms(
    pairs: Sequence[tuple[Booking, Terms, datetime | None]], *, now: datetime, written: Written
) -> list[bool]:
    """Book what contracts imply and return which of them changed the revenue.

    Args:
        pairs: what to file it under, the terms, and when the source last changed the contract.
        now: the load time.
        written: takes the note of what was written.
    """
    booked = _booked_by_account({booking.account for booking, _, _ in pairs})
    todo: dict[int, list[tuple[Booking, Change]]] = defaultdict(list)
    changed: list[bool] = []
    for booking, terms, modified_at in pairs:
        mine: Counter[datetime] = Counter()
        for row in booked[booking.account]:
            if row.contract_id_text == terms.contract and row.source == booking.source:
                mine[row.happened_at] += row.change_cents
        last = max((row.known_at for row in booked[booking.account]), default=None)
        changed_at = (
            modified_at if modified_at and modified_at <= now and (not last or modified_at > last) else now
        )
        changes = corrections(terms, mine, changed_at)
        todo[booking.account].extend((booking, change) for change in changes)
        changed.append(bool(changes))
    _insert(_rows(todo, booked, now), written)
    return changed


def _rows(
    todo: dict[int, list[tuple[Booking, Change]]], booked: dict[int, list[RevenueMovement]], now: datetime
) -> Iterable[RevenueMovement]:
    for account, pairs in todo.items():
        before = [(row.happened_at, row.change_cents) for row in booked[account]]
        kinds = kinds_of([change for _, change in pairs], before)
        for (booking, change), kind in zip(pairs, kinds, strict=True):
            yield _row(booking, change, kind, now if change.is_correction else min(change.happened_at, now))


def _row(booking: Booking, change: Change, kind: str, known_at: datetime) -> RevenueMovement:
    sign = 1 if change.change_cents > 0 else -1
    return RevenueMovement(
        account_id=booking.account,
        contract_id_text=change.contract,
        kind=kind,
        change_cents=change.change_cents,
        currency=booking.currency,
        original_cents=sign * abs(booking.original_cents) if booking.original_cents is not None else None,
        original_currency=booking.original_currency,
        source=booking.source,
        happened_at=change.happened_at,
        known_at=known_at,
        assumed=known_at == change.happened_at,
    )


def state_revenue(stated: Sequence[tuple[Booking, int]], *, now: datetime, written: Written) -> list[bool]:
    """Book the difference between what accounts are said to pay and what is booked; return which differ.

    Nobody said since when, so the difference counts from the load.
    """
    booked = _booked_by_account({booking.account for booking, _ in stated})
    new: list[RevenueMovement] = []
    changed: list[bool] = []
    for booking, cents in stated:
        rows = booked[booking.account]
        total = sum(row.change_cents for row in rows if row.happened_at <= now)
        differs = total != cents or not rows
        changed.append(differs)
        if differs:
            row = _row(booking, Change("", now, cents - total), STATED, now)
            row.assumed = False
            rows.append(row)
            new.append(row)
    _insert(new, written)
    return changed


def add_movements(movements: Sequence[Movement], *, now: datetime, written: Written) -> list[bool]:
    """Land movements as they are and return which of them were new."""
    booked = _booked_by_account({each.booking.account for each in movements})
    new: list[RevenueMovement] = []
    changed: list[bool] = []
    for each in movements:
        rows = booked[each.booking.account]
        is_new = not any(
            row.contract_id_text == each.label and row.source == each.booking.source for row in rows
        )
        changed.append(is_new)
        if is_new:
            change = Change(each.label, each.happened_at, each.change_cents)
            row = _row(each.booking, change, each.kind, min(each.happened_at, now))
            rows.append(row)
            new.append(row)
    _insert(new, written)
    return changed


def _booked_by_account(accounts: set[int]) -> dict[int, list[RevenueMovement]]:
    booked: dict[int, list[RevenueMovement]] = defaultdict(list)
    for piece in chunks(sorted(accounts)):
        for row in RevenueMovement.objects.filter(account_id__in=piece):
            booked[row.account_id].append(row)
    return booked


def _insert(rows: Iterable[RevenueMovement], written: Written) -> None:
    made = insert(list(rows))
    written.add(RevenueMovement, [max(row.happened_at, row.known_at) for row in made])
