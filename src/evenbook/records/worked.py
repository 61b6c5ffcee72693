"""Hours of work on accounts by kind, as they were known at an instant; and what timesheets hold of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum, Value
from django.db.models.functions import Least

from evenbook.book.access import Opened
from evenbook.book.among import Among
from evenbook.people.viewer import Viewer
from evenbook.records.models import Interaction, InteractionKind, TimeEntry

KIND_TITLES: Mapping[str, str] = dict(InteractionKind.choices)


@dataclass(frozen=True, slots=True)
class Span:
    """What is read: from its first instant on, of what was known at its end; how minutes become hours.

    Attributes:
        preparation_share: hours of preparation for each hour with the customer present.
        longest_minutes: a longer entry counts as this.
    """

    since: datetime
    before: datetime
    preparation_share: float
    longest_minutes: float


@dataclass(frozen=True, slots=True)
class Worked:
    """What a person did of a kind for an account; ``untimed`` of its ``entries`` have no minutes."""

    account_id: int
    person_id: int
    kind: str
    hours: float
    entries: int
    untimed: int


def worked(viewer: Viewer, accounts: Opened, span: Span) -> tuple[Worked, ...]:
    """Return what the team did for accounts in a span, by account, person and kind.

    Only what was held counts. An hour with the customer there brings its preparation.

    Args:
        viewer: who asks.
        accounts: those that they may open; a merged one counts for its heir.
        span: of when.
    """
    rows = _known(Interaction.objects.filter(status=Interaction.Status.COMPLETED), accounts, span)
    timed = Q(minutes__gt=0)
    sums = rows.values("account_id", "person_id", "kind", "customer_present").annotate(
        minutes_sum=Sum(Least(F("minutes"), Value(span.longest_minutes)), filter=timed),
        every=Count("pk"),
        with_minutes=Count("pk", filter=timed),
    )
    found: dict[tuple[int, int, str], list[float]] = defaultdict(lambda: [0.0, 0, 0])
    fields = (
        "account_id", "person_id", "kind", "customer_present", "minutes_sum", "every", "with_minutes",
    )  # fmt: skip
    for account, person, kind, present, minutes, every, timed_ones in sums.values_list(*fields):
        mine = found[accounts.heirs[account], person, kind]
        mine[0] += (minutes or 0.0) / 60 * (1 + span.preparation_share * present)
        mine[1] += every
        mine[2] += every - timed_ones
    return tuple(
        Worked(*key, hours, int(entries), int(untimed)) for key, (hours, entries, untimed) in found.items()
    )


def timesheets(viewer: Viewer, accounts: Opened, span: Span) -> dict[tuple[int, int], float]:
    """Return the hours on timesheets in a span by account and person; see ``worked``."""
    rows = _known(TimeEntry.objects.filter(minutes__gt=0), accounts, span).values("account_id", "person_id")
    sums = rows.annotate(total=Sum(Least(F("minutes"), Value(span.longest_minutes))))
    found: dict[tuple[int, int], float] = defaultdict(float)
    for account, person, minutes in sums.values_list("account_id", "person_id", "total"):
        found[accounts.heirs[account], person] += minutes / 60
    return dict(found)


def _known(rows: QuerySet[Any], accounts: Opened, span: Span) -> QuerySet[Any]:
    return rows.filter(
        Q(known_until=None) | Q(known_until__gte=span.before),
        Among(F("account"), accounts.ids),
        person__is_person=True,
        happened_at__gte=span.since,
        happened_at__lt=span.before,
        known_at__lt=span.before,
    )
