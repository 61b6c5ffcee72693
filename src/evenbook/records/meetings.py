"""Live meetings of accounts, as they were known at an instant: how many customers really come."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from evenbook.book.access import Opened
from evenbook.book.among import Among
from evenbook.people.viewer import Viewer
from evenbook.records.models import Interaction
from evenbook.records.numbers import RecordsNumbers

ALWAYS, MINUTES = "always", "minutes"


@dataclass(frozen=True, slots=True)
class Met:
    """An account's live meetings in a span: held with the customer, and on the calendar at all."""

    completed: int
    scheduled: int


def live_meetings(
    viewer: Viewer, accounts: Opened, *, since: datetime, before: datetime, numbers: RecordsNumbers
) -> dict[int, Met]:
    """Return the live meetings of accounts in a span, of what was known by its end; of those with any.

    A kind is live where policy counts it as coverage by minutes or always; a meeting is completed when it was
    held, and the customer was there for the minutes asked.

    Args:
        viewer: who asks.
        accounts: those that they may open; a merged one counts for its heir.
        since: the first instant; before: the end of the span and of what was known.
        numbers: which kinds count, and from how many minutes on.
    """
    counts = {each.kind: each.counts for each in numbers.kinds}
    live = [kind for kind, how in counts.items() if how in {ALWAYS, MINUTES}]
    known = Q(known_until=None) | Q(known_until__gte=before)
    rows = Interaction.objects.filter(
        known,
        Among(F("account"), accounts.ids),
        kind__in=live,
        happened_at__gte=since,
        happened_at__lt=before,
        known_at__lt=before,
    )
    found: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    fields = ("account_id", "kind", "status", "customer_present", "minutes")
    for account, kind, status, present, minutes in rows.values_list(*fields).iterator():
        held = status == Interaction.Status.COMPLETED and (
            counts[kind] == ALWAYS or (present and (minutes or 0) >= numbers.meaningful_minutes)
        )
        sums = found[accounts.heirs[account]]
        sums[0] += held
        sums[1] += 1
    return {account: Met(*sums) for account, sums in found.items()}


def held_of_kind(viewer: Viewer, accounts: Opened, kind: str, *, since: datetime, before: datetime) -> int:
    """Return how many interactions of a kind were held in a span, of what was known by its end."""
    known = Q(known_until=None) | Q(known_until__gte=before)
    rows = Interaction.objects.filter(
        known,
        Among(F("account"), accounts.ids),
        kind=kind,
        status=Interaction.Status.COMPLETED,
        happened_at__gte=since,
        happened_at__lt=before,
        known_at__lt=before,
    )
    return rows.count()
