"""What was done on time, person by person and week by week: loops and follow-ups due in the week.

A loop is on time that was closed by the end of the day it was due, a follow-up that was done by then. What
was withdrawn, waived or dropped by the day asked for counts in neither. Who owes is as of now, as in
``closing_weeks``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce, TruncDate

from evenbook.book.access import people_ids_seen_by
from evenbook.closures.models import FollowUp, Loop
from evenbook.kit.dates import day_ends_at
from evenbook.people.viewer import Viewer

Counted = Iterator[tuple[int, date, int, int]]
"""Person, day, how many were due on it, how many of them were done by its end."""


@dataclass(frozen=True)
class Timely:
    """What of a person was due in a week, and how much of it was done on time."""

    due: int
    on_time: int

    @property
    def share(self) -> float:
        """The share done on time, 0 to 1."""
        return self.on_time / self.due


def timely(viewer: Viewer, days: Sequence[date], *, zone: str) -> dict[tuple[int, date], Timely]:
    """Return what was done on time, by person and week; a week in which nothing was due is not there.

    Args:
        viewer: who asks; others than they may see are left out.
        days: the last day of each week, a week apart; the last one is the day as of which.
        zone: where a day ends.
    """
    if not days:
        return {}
    seen, last = people_ids_seen_by(viewer), max(days)
    sums: dict[tuple[int, date], list[int]] = defaultdict(lambda: [0, 0])
    for rows in (_loops(days, zone), _follow_ups(days, zone)):
        for person, day, due, on_time in rows:
            week_on = last - timedelta(weeks=(last - day).days // 7)
            if person in seen:
                sums[person, week_on][0] += due
                sums[person, week_on][1] += on_time
    return {key: Timely(*counts) for key, counts in sums.items()}


def _loops(days: Sequence[date], zone: str) -> Counted:
    ends_at = day_ends_at(max(days), zone)
    still = Q(withdrawn_at=None) | Q(withdrawn_at__gte=ends_at)
    rows = (
        Loop.objects.filter(still, _due(days), Q(waived_at=None) | Q(waived_at__gte=ends_at))
        .filter(opened_at__lt=ends_at)
        .annotate(
            owner=Coalesce("taken_by_id", "person_id"), on=TruncDate("closed_at", tzinfo=ZoneInfo(zone))
        )
        .exclude(owner=None)
        .values_list("owner", "due_on")
        .annotate(due=Count("pk"), on_time=Count("pk", filter=Q(on__lte=F("due_on"))))
        .order_by()
    )
    yield from rows.iterator()


def _follow_ups(days: Sequence[date], zone: str) -> Counted:
    ends_at = day_ends_at(max(days), zone)
    rows = (
        FollowUp.objects.filter(_due(days), person__isnull=False)
        .filter(artifact__known_at__lt=ends_at, artifact__happened_at__lt=ends_at)
        .exclude(is_dropped=True, done_at__lt=ends_at)
        .annotate(on=TruncDate("done_at", tzinfo=ZoneInfo(zone)))
        .values_list("person_id", "due_on")
        .annotate(due=Count("pk"), on_time=Count("pk", filter=Q(on__lte=F("due_on"), is_dropped=False)))
        .order_by()
    )
    yield from rows.iterator()


def _due(days: Sequence[date]) -> Q:
    return Q(due_on__gt=min(days) - timedelta(weeks=1), due_on__lte=max(days))
