"""Sales under way as they were known at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from evenbook.book.access import narrowed
from evenbook.people.viewer import Viewer
from evenbook.records.models import Opportunity

NEW, EXPANSION = "new", "expansion"


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A sale that is open, or was won since a day; money in minor units, ``probability`` 0 to 1."""

    account_id: int
    kind: str
    amount_cents: int | None
    probability: float | None
    expected_on: date | None
    won_at: datetime | None
    person_id: int | None
    product: str
    opened_at: datetime


def sales_under_way(viewer: Viewer, *, before: datetime, won_since: datetime) -> tuple[UnderWay, ...]:
    """Return the sales to new customers and the expansions open at an instant, or won since another.

    Nothing that happened or became known later is read: a sale that was won afterwards is open here.
    """
    held = Q(known_until=None) | Q(known_until__gte=before)
    rows = Opportunity.objects.filter(
        held,
        Q(lost_at=None) | Q(lost_at__gte=before),
        Q(won_at=None) | Q(won_at__gte=won_since),
        kind__in=(NEW, EXPANSION),
        happened_at__lt=before,
        known_at__lt=before,
    )
    fields = (
        "account_id", "kind", "amount_cents", "probability", "expected_on", "won_at", "person_id", "product",
        "happened_at",
    )  # fmt: skip
    found = narrowed(rows, viewer).order_by("pk").values_list(*fields)
    return tuple(
        UnderWay(account, kind, amount, probability, expected, won if won and won < before else None, *rest)
        for account, kind, amount, probability, expected, won, *rest in found
    )
