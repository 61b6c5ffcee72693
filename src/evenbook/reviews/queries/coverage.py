"""How much of the base has had a review lately, and what came back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Max, Q

from evenbook.book.access import narrowed
from evenbook.capacity.queries import Wanted, account_ids, account_rows, how_many
from evenbook.people.viewer import Viewer
from evenbook.reviews.models import Review
from evenbook.reviews.numbers import ReviewsNumbers
from evenbook.reviews.queries.batches import WENT
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Reviewed:
    """How many accounts of the base a review went to, and how many of those opened it or raised a hand."""

    accounts: int
    went: int
    opened: int
    hands: int
    days: int

    @property
    def share(self) -> float | None:
        """The share of the base that had a review, 0 to 1; None where there is no base."""
        return self.went / self.accounts if self.accounts else None


@dataclass(frozen=True)
class ReviewedAccount:
    """An account of the base: when it last had a review, and whether that was opened."""

    key: str
    name: str
    went_at: datetime | None
    opened: bool
    hand: bool


def reviewed(viewer: Viewer, week: Week, *, now: datetime) -> Reviewed:
    """Return how much of the base, as far as the viewer may open it, had a review in the last cycle."""
    numbers = week.policy.of(ReviewsNumbers)
    base = account_ids(viewer, week.run.id, wanted=Wanted())
    since = now - timedelta(days=numbers.cycle_days)
    rows = narrowed(Review.objects.filter(state__in=WENT, done_at__gte=since, account__in=base), viewer)
    found = rows.order_by().aggregate(
        went=Count("account", distinct=True),
        opened=Count("account", distinct=True, filter=Q(openings__isnull=False)),
        hands=Count("account", distinct=True, filter=Q(hand__isnull=False)),
    )
    total = how_many(viewer, week.run.id, wanted=Wanted())
    return Reviewed(total, found["went"], found["opened"], found["hands"], numbers.cycle_days)


def reviewed_accounts(viewer: Viewer, week: Week, *, now: datetime) -> tuple[ReviewedAccount, ...]:
    """Return each account of the base with its last review in the cycle: those without one first, by name."""
    since = now - timedelta(days=week.policy.of(ReviewsNumbers).cycle_days)
    rows = narrowed(Review.objects.filter(state__in=WENT, done_at__gte=since), viewer).order_by()
    last = {
        account: (at, bool(opened), bool(hand))
        for account, at, opened, hand in rows.values_list("account").annotate(
            at=Max("done_at"),
            opened=Count(F("openings"), distinct=True),
            hands=Count(F("hand"), distinct=True),
        )
    }
    base = account_rows(viewer, week.run.id, wanted=Wanted(), sort="account", descending=False)
    found = [ReviewedAccount(each.key, each.name, *last.get(each.id, (None, False, False))) for each in base]
    return tuple(sorted(found, key=lambda each: each.went_at is not None))
