"""Opening and replacing runs, inside the transaction that stores their results."""

from __future__ import annotations

from datetime import date, datetime

from evenbook.runs.models import Run


def current(kind: str, as_of: date) -> Run | None:
    """Return the run that screens read for a day, or None."""
    return Run.objects.filter(kind=kind, as_of=as_of, is_current=True).first()


def current_before(kind: str, as_of: date) -> Run | None:
    """Return the last run that screens read for an earlier day, or None."""
    return Run.objects.filter(kind=kind, as_of__lt=as_of, is_current=True).order_by("-as_of").first()


def open_run(
    kind: str,
    as_of: date,
    *,
    policy_version: int,
    fingerprint: str,
    by: str,
    started_at: datetime,
    ended_at: datetime,
    restate: bool,
) -> Run:
    """Return a new current run of a day.

    An earlier run of the same day is kept beside it when the new one restates it, and goes with
    its results when the day was simply run again.
    """
    before = current(kind, as_of)
    if before is not None and restate:
        before.is_current = False
        before.save(update_fields=["is_current"])
    elif before is not None:
        before.delete()
        before = None
    return Run.objects.create(
        kind=kind,
        as_of=as_of,
        policy_version=policy_version,
        started_at=started_at,
        ended_at=ended_at,
        by=by,
        restates=before,
        fingerprint=fingerprint,
    )
