"""The stored values of measures: this week's, and how they came to be over the last weeks.

A week's value comes from the run of that week; where none was stored, from the newest run that
replayed it. Values of single persons are shown to themselves and to those who may see people.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from evenbook.book.access import may_see_people
from evenbook.book.queries import me, pools
from evenbook.measures.models import MeasureValue
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class Measured:
    """A measure's value for a subject, and how many accounts it rests on."""

    value: float | None
    count: int


def measured(
    viewer: Viewer, run_id: int, as_of: date, *, measures: Iterable[str], kinds: Iterable[str]
) -> dict[tuple[str, str, str], Measured]:
    """Return values by measure, kind of subject and subject, for a run's own day."""
    rows = MeasureValue.objects.filter(
        _seen(viewer), run_id=run_id, as_of=as_of, measure__in=list(measures), subject_kind__in=list(kinds)
    )
    found = rows.values_list("measure", "subject_kind", "subject", "value", "count")
    return {
        (measure, kind, subject): Measured(value, count) for measure, kind, subject, value, count in found
    }


def trends(
    viewer: Viewer, days: Sequence[date], *, measure: str, kinds: Iterable[str]
) -> dict[tuple[str, str], tuple[float | None, ...]]:
    """Return the values of a measure on ``days``, by kind of subject and subject; None for a gap."""
    rows = MeasureValue.objects.filter(
        _seen(viewer),
        measure=measure,
        subject_kind__in=list(kinds),
        as_of__in=list(days),
        run__is_current=True,
    )
    found: dict[tuple[str, str], dict[date, float | None]] = {}
    ordered = rows.annotate(run_day=F("run__as_of")).order_by("run_day")
    own: set[tuple[str, str, date]] = set()
    for kind, subject, day, value, run_day in ordered.values_list(
        "subject_kind", "subject", "as_of", "value", "run_day"
    ):
        if (kind, subject, day) in own:
            continue
        found.setdefault((kind, subject), {})[day] = value
        if run_day == day:
            own.add((kind, subject, day))
    return {subject: tuple(by_day.get(day) for day in days) for subject, by_day in found.items()}


def _seen(viewer: Viewer) -> Q:
    if may_see_people(viewer):
        return Q()
    shared = ~Q(subject_kind__in=["csm", "pool"])
    member = me(viewer)
    if member is None:
        return shared
    keys = [pool.key for pool in pools(viewer) if pool.id in member.pools]
    return shared | Q(subject_kind="csm", subject=member.key) | Q(subject_kind="pool", subject__in=keys)
