"""The opt-out trials of one account that its customer can still end, or has ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from evenbook.book.access import narrowed
from evenbook.expansion.models import Trial
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class TrialOffered:
    """A trial as its customer reads it; ``ended_on`` is when they ended it, None while it goes on.

    ``is_ahead`` says that it has not begun.
    """

    id: int
    product: str
    first_on: date
    last_on: date
    ended_on: date | None
    is_ahead: bool


def trials_of(viewer: Viewer, account_id: int, *, today: date) -> tuple[TrialOffered, ...]:
    """Return the trials of an account up to their last day, the one that ends first before the others.

    Those that it kept are not among them: there is nothing left to end.
    """
    rows = narrowed(Trial.objects.filter(account=account_id, last_on__gte=today), viewer)
    told = rows.exclude(outcome=Trial.Outcome.KEPT).order_by("last_on", "pk")
    fields = ("pk", "product", "first_on", "last_on", "ended_on")
    return tuple(
        TrialOffered(number, product, first, last, ended, is_ahead=first > today)
        for number, product, first, last, ended in told.values_list(*fields)
    )
