"""What was signed together: logs of stable health reviews, and of cohorts of silent accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from evenbook.book.access import may_see_of_others, narrowed
from evenbook.closures.models import Batch, Loop
from evenbook.closures.queries.closing_weeks import BATCH
from evenbook.closures.queries.stable import REVIEW
from evenbook.people.viewer import Viewer

MOST = 500
"""Loops that are signed at once; nobody has looked at more."""

OWN = ("account__key", "account__name", "closed_by__fields")


@dataclass(frozen=True)
class Signature:
    """One account of a log: its key and name, and the answers of its artifact."""

    account_key: str
    account_name: str
    answers: dict[str, Any]


@dataclass(frozen=True)
class Log:
    """A signed log of artifacts of one kind, and its accounts as far as the viewer may see them."""

    id: int
    kind: str
    whose: str
    first_on: date
    loops: int
    signed_by: str
    signed_at: datetime
    listed: tuple[Signature, ...] = ()

    @property
    def is_of_reviews(self) -> bool:
        """Whether it is of stable health reviews."""
        return self.kind == REVIEW

    @property
    def period(self) -> str:
        """Of when it is: ``Q1 2026`` for reviews, else the first day of the cohort."""
        if self.is_of_reviews:
            return f"Q{(self.first_on.month + 2) // 3} {self.first_on.year}"
        return f"from {self.first_on.day} {self.first_on:%b %Y}"

    @property
    def answers(self) -> dict[str, Any]:
        """What is written of all of them: the answers of the first one, without the number of the log."""
        found = self.listed[0].answers if self.listed and not self.is_of_reviews else {}
        return {field: value for field, value in found.items() if field != BATCH}


def batch_logs(viewer: Viewer, *, kinds: Iterable[str] = (), limit: int = 100) -> tuple[Log, ...]:
    """Return the signed logs that hold an account that the viewer may see, the newest first.

    Args:
        viewer: who asks.
        kinds: of artifacts; empty: all.
        limit: how many at most.
    """
    rows = Batch.objects.select_related("pool", "person").order_by("-signed_at", "-pk")
    wanted = list(kinds)
    if wanted:
        rows = rows.filter(kind__in=wanted)
    if not may_see_of_others(viewer, "artifacts"):
        seen = narrowed(Loop.objects.filter(closed_by__fields__has_key=BATCH), viewer)
        rows = rows.filter(pk__in=set(seen.values_list(f"closed_by__fields__{BATCH}", flat=True)))
    return tuple(_log(row) for row in rows[:limit])


def batch_log(viewer: Viewer, number: int) -> Log | None:
    """Return a signed log with the accounts that the viewer may see; None where they may see none of it."""
    row = Batch.objects.select_related("pool", "person").filter(pk=number).first()
    of_it = Loop.objects.filter(**{f"closed_by__fields__{BATCH}": number})
    seen = of_it if may_see_of_others(viewer, "artifacts") else narrowed(of_it, viewer)
    listed = _listed(seen) if row is not None else ()
    return _log(row, listed) if row is not None and listed else None


def _listed(rows: QuerySet[Loop]) -> tuple[Signature, ...]:
    ordered = rows.order_by("account__name", "pk").values_list(*OWN)
    return tuple(Signature(key, name, dict(answers or {})) for key, name, answers in ordered)


def _log(row: Batch, listed: tuple[Signature, ...] = ()) -> Log:
    whose = str(row.pool or row.person or "nobody")
    return Log(row.pk, row.kind, whose, row.first_on, row.loops, row.signed_by, row.signed_at, listed)
