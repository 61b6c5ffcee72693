"""The stored values of measures: this week's, and how they came to be over the last weeks.

A week's value comes from the run of that week; where none was stored, from the newest run that
replayed it. Values of single people, pools and teams are shown as ``book.access``
lets them be seen; those of a tier, a segment or the whole base to everybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from evenbook.book.access import may_see_people, people_seen_by, pools_seen_by
from evenbook.book.queries import teams_seen
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
    found = _by_day(_seen(viewer) & Q(measure=measure, subject_kind__in=list(kinds)), days)
    return {
        (kind, subject): tuple(by_day[day].value if day in by_day else None for day in days)
        for (_, kind, subject), by_day in found.items()
    }


def series(
    viewer: Viewer, days: Sequence[date], *, measures: Iterable[str], subjects: Iterable[tuple[str, str]]
) -> dict[tuple[str, str, str], tuple[Measured, ...]]:
    """Return values with their counts on ``days``, by measure, kind of subject and subject."""
    wanted = Q(pk__in=())
    by_kind: dict[str, list[str]] = {}
    for kind, subject in subjects:
        by_kind.setdefault(kind, []).append(subject)
    for kind, names in by_kind.items():
        wanted |= Q(subject_kind=kind, subject__in=names)
    found = _by_day(_seen(viewer) & wanted & Q(measure__in=list(measures)), days)
    gap = Measured(None, 0)
    return {name: tuple(by_day.get(day, gap) for day in days) for name, by_day in found.items()}


def _by_day(wanted: Q, days: Sequence[date]) -> dict[tuple[str, str, str], dict[date, Measured]]:
    """Return values by measure, kind of subject and subject, then by day: each day's own run comes first."""
    rows = MeasureValue.objects.filter(wanted, as_of__in=list(days), run__is_current=True)
    found: dict[tuple[str, str, str], dict[date, Measured]] = {}
    own: set[tuple[str, str, str, date]] = set()
    ordered = rows.annotate(run_day=F("run__as_of")).order_by("run_day")
    for measure, kind, subject, day, value, count, run_day in ordered.values_list(
        "measure", "subject_kind", "subject", "as_of", "value", "count", "run_day"
    ):
        if (measure, kind, subject, day) in own:
            continue
        found.setdefault((measure, kind, subject), {})[day] = Measured(value, count)
        if run_day == day:
            own.add((measure, kind, subject, day))
    return found


def _seen(viewer: Viewer) -> Q:
    """Return the condition of the values that the viewer may see: those of many are for everybody."""
    if not viewer.allows("read"):
        return Q(pk__in=())
    if viewer.sees_all and may_see_people(viewer):
        return Q()
    found = ~Q(subject_kind__in=["csm", "pool", "team"])
    found |= Q(subject_kind="csm", subject__in=people_seen_by(viewer).values("key"))
    found |= Q(subject_kind="pool", subject__in=pools_seen_by(viewer).values("key"))
    return found | (
        Q(subject_kind="team") if viewer.sees_all else Q(subject_kind="team", subject__in=teams_seen(viewer))
    )
