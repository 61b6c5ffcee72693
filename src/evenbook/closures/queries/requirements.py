"""Coverage in a run: each requirement of each account, and which accounts have gaps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, QuerySet, Subquery

from evenbook.book.access import may_see_of_others, narrowed
from evenbook.book.among import Among, Ids
from evenbook.closures.models import Requirement
from evenbook.people.viewer import Viewer

GAPS = (Requirement.Status.MISSING, Requirement.Status.EXPIRED)
STATUSES = tuple(Requirement.Status.values)
OPEN = "open"
"""The value of the matrix's filter that keeps to accounts which the viewer may open."""

TONES = {"current": "good", "expired": "warn", "missing": "bad", "not_yet_due": "quiet"}
DAY_WORDS = {"current": "until", "expired": "on", "missing": "since", "not_yet_due": "due"}
BEFORE_A_DAY = {
    "current": "current until",
    "expired": "expired",
    "missing": "missing since",
    "not_yet_due": "due",
}


@dataclass(frozen=True)
class Needs:
    """A requirement of an account: its status and the day that goes with it."""

    account_id: int
    kind: str
    status: str
    on: date | None
    artifact_id: int | None

    @property
    def tone(self) -> str:
        """How screens color it."""
        return TONES[self.status]

    @property
    def day_word(self) -> str:
        """What the day is of: until, on, since, due."""
        return DAY_WORDS[self.status]

    @property
    def said(self) -> str:
        """The status with its day: expired 5 Nov 2026, missing since 2 Dec 2026."""
        if self.on is None:
            return self.status.replace("_", " ")
        return f"{BEFORE_A_DAY[self.status]} {self.on.day} {self.on:%b %Y}"

    @property
    def is_gap(self) -> bool:
        """Whether it keeps the account from being covered."""
        return self.status in GAPS


def requirements(viewer: Viewer, run_id: int, account_ids: Iterable[int]) -> dict[int, tuple[Needs, ...]]:
    """Return the requirements of these accounts, gaps first; shared ones as policy leaves them open."""
    rows = requirement_rows(viewer, run_id).filter(account__in=list(account_ids))
    found: dict[int, list[Needs]] = {}
    for values in rows.order_by("kind").values_list("account_id", "kind", "status", "on", "artifact_id"):
        found.setdefault(values[0], []).append(Needs(*values))
    return {account: tuple(sorted(each, key=lambda need: not need.is_gap)) for account, each in found.items()}


def with_gaps(viewer: Viewer, run_id: int) -> QuerySet[Any, Any]:
    """Return the ids of the accounts that are not covered, to narrow another slice's query."""
    return requirement_rows(viewer, run_id).filter(status__in=GAPS).values("account_id")


def accounts_with(viewer: Viewer, run_id: int, *, kind: str = "", status: str = "") -> QuerySet[Any, Any]:
    """Return the ids of accounts with a requirement of this kind and status."""
    rows = requirement_rows(viewer, run_id)
    if kind:
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    return rows.values("account_id")


def gap_count(viewer: Viewer, run_id: int) -> Subquery:
    """Return the number of gaps as a column for another slice's query, to sort by."""
    rows = requirement_rows(viewer, run_id).filter(status__in=GAPS, account_id=OuterRef("account_id"))
    counted = rows.order_by().values("account_id").annotate(n=Count("pk")).values("n")
    return Subquery(counted[:1], output_field=IntegerField())


def kinds(viewer: Viewer, run_id: int) -> tuple[str, ...]:
    """Return the kinds of artifacts that a run asked for, worked out once a viewer."""
    known = f"closures.kinds.{run_id}"
    if known not in viewer.worked_out:
        found = requirement_rows(viewer, run_id).order_by("kind").values_list("kind", flat=True).distinct()
        viewer.worked_out[known] = tuple(found)
    kept: tuple[str, ...] = viewer.worked_out[known]
    return kept


def status_counts(
    viewer: Viewer, run_id: int, *, among: QuerySet[Any, Any] | None
) -> dict[str, dict[str, int]]:
    """Return, by kind of artifact, how many of these accounts, or of all, have each status of it."""
    rows = requirement_rows(viewer, run_id)
    if among is not None:
        rows = rows.filter(account__in=among)
    found: dict[str, dict[str, int]] = {}
    for kind, status, count in rows.order_by("kind").values_list("kind", "status").annotate(Count("pk")):
        found.setdefault(kind, dict.fromkeys(STATUSES, 0))[status] = count
    return found


def due_between(
    viewer: Viewer, run_id: int, accounts: Ids, *, first: date, last: date
) -> list[tuple[int, date]]:
    """Return which artifacts that the tiers of accounts ask for fall due in days: account and day of each.

    What is current falls due when it is current no more; what is late or missing is due already.
    """
    rows = requirement_rows(viewer, run_id).filter(Among(F("account"), accounts))
    coming = rows.filter(status__in=("current", "not_yet_due"), on__gte=first, on__lte=last)
    return [(account, on) for account, on in coming.values_list("account_id", "on") if on is not None]


def requirement_rows(viewer: Viewer, run_id: int) -> QuerySet[Requirement]:
    """Return the requirements of a run that the viewer may see; shared ones as policy leaves them open."""
    rows = Requirement.objects.filter(run_id=run_id)
    return rows if may_see_of_others(viewer, "coverage") else narrowed(rows, viewer)
