"""Opening and replacing runs of the week, inside the transaction that stores their results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evenbook.runs.models import Run

WEEK = Run.Kind.WEEK


@dataclass(frozen=True)
class StoredRun:
    """A run as far as those who store its results need to know."""

    id: int
    as_of: date
    policy_version: int
    fingerprint: str


@dataclass(frozen=True)
class Keeping:
    """What the slices need to know to keep the answers of a run: the argument of each ``actions.store``.

    Attributes:
        run: the run that the rows belong to.
        as_of: its day.
        policy_version: the version of the policy that made them.
        measures: the measures whose values are kept.
        days: the days whose values are kept: the run's own, and those that have no run.
        changed_after: changes of state after this day belong to this run.
        before: the run that screens read before this one, or None for the first.
    """

    run: int
    as_of: date
    policy_version: int
    measures: tuple[str, ...]
    days: tuple[date, ...]
    changed_after: date
    before: int | None


def current(as_of: date) -> StoredRun | None:
    """Return the run that screens read for a day, or None."""
    return _stored(Run.objects.filter(kind=WEEK, as_of=as_of, is_current=True).first())


def is_newest(as_of: date) -> bool:
    """Return whether no run that screens read is of a later day."""
    return not Run.objects.filter(kind=WEEK, as_of__gt=as_of, is_current=True).exists()


def current_before(as_of: date) -> StoredRun | None:
    """Return the last run that screens read for an earlier day, or None."""
    rows = Run.objects.filter(kind=WEEK, as_of__lt=as_of, is_current=True)
    return _stored(rows.order_by("-as_of").first())


def days_stored(days: Iterable[date]) -> set[date]:
    """Return those of ``days`` that have a run of their own."""
    rows = Run.objects.filter(kind=WEEK, is_current=True, as_of__in=list(days))
    return set(rows.values_list("as_of", flat=True))


def open_run(
    as_of: date,
    *,
    policy_version: int,
    fingerprint: str,
    by: str,
    started_at: datetime,
    ended_at: datetime,
    summary: dict[str, Any],
    restate: bool,
) -> StoredRun:
    """Return a new current run of a day.

    An earlier run of the same day is kept beside it when the new one restates it, and goes with
    its results when the day was simply run again.
    """
    before = Run.objects.filter(kind=WEEK, as_of=as_of, is_current=True).first()
    if before is not None and restate:
        before.is_current = False
        before.save(update_fields=["is_current"])
    elif before is not None:
        before.delete()
        before = None
    opened = Run.objects.create(
        kind=WEEK,
        as_of=as_of,
        policy_version=policy_version,
        started_at=started_at,
        ended_at=ended_at,
        by=by,
        restates=before,
        fingerprint=fingerprint,
        summary=summary,
    )
    return StoredRun(int(opened.pk), as_of, policy_version, fingerprint)


def _stored(run: Run | None) -> StoredRun | None:
    return StoredRun(int(run.pk), run.as_of, run.policy_version, run.fingerprint) if run else None
