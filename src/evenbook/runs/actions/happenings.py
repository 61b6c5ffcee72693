"""What happened, for others to refresh on: the outbox of the one bend in the river.

An action writes its row in its own transaction. A refresh takes up what was written since; the
weekly run settles what any refresh missed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Min

from evenbook.runs.actions.pieces import begin
from evenbook.runs.declared import Work
from evenbook.runs.models import Happening, Job
from evenbook.runs.rules import is_ripe

MOST_NAMED = 1000
"""Where more accounts are touched, none is named: it may be any."""


def happened(kind: str, *, accounts: Iterable[int] | None = None, by: str, now: datetime) -> None:
    """Write down that something happened that others refresh on.

    Args:
        kind: what, as "facts.landed".
        accounts: the accounts it touched; None where it may be any.
        by: whose doing it was, by name.
        now: when.
    """
    named = sorted(set(accounts)) if accounts is not None else None
    if named is not None and len(named) > MOST_NAMED:
        named = None
    Happening.objects.create(kind=kind, accounts=named, by=by[:120], at=now)


def take_happenings(work: Work, *, now: datetime, quiet: timedelta, handed: bool = False) -> int | None:
    """Ask for one refresh of everything that happened and has been quiet; return its run, or None.

    ``handed`` leaves it to the caller to do it, not to a worker.
    """
    waiting = Happening.objects.filter(settled_at=None, job=None)
    span = waiting.aggregate(first=Min("at"), last=Max("at"), newest=Max("pk"))
    if span["newest"] is None or not is_ripe(span["first"], span["last"], now=now, quiet=quiet):
        return None
    with transaction.atomic():
        given = {"newest": span["newest"]}
        job = begin(work, key=f"refresh:{span['newest']}", by="Evenbook", now=now, given=given)
        Job.objects.filter(pk=job).update(handed=handed)
        waiting.filter(pk__lte=span["newest"]).update(job=job)
    return job


def settle(*, newest: int, now: datetime) -> int:
    """Write down that everything up to a happening was refreshed on; return how many that were."""
    return Happening.objects.filter(settled_at=None, pk__lte=newest).update(settled_at=now)


def settle_before(until: datetime, *, now: datetime) -> int:
    """Write down that the weekly run has read everything that happened before an instant."""
    return Happening.objects.filter(settled_at=None, at__lt=until).update(settled_at=now)
