"""What a week's audit lists: artifacts that are missing or expired, page by page, each with a diagnosis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from evenbook.book.access import narrowed, sees_every_account
from evenbook.capacity.queries import AccountRow, Wanted, account_ids, account_rows, as_it_stood
from evenbook.closures.models import Diagnosis, Requirement
from evenbook.closures.queries.audit import Missing
from evenbook.closures.queries.diagnoses import Decision, decisions, diagnoses
from evenbook.closures.queries.requirements import GAPS, requirement_rows
from evenbook.closures.rules.diagnosis import Diagnosed
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import Week

SORTS = {
    "owner": "stood_owner",
    "account": "account__name",
    "arr": "stood__arr_cents",
    "kind": "kind",
    "since": "on",
}
EVERYBODY, OPEN, DECIDED = "all", "open", "decided"


@dataclass(frozen=True)
class GapsWanted:
    """Which gaps; empty means any.

    Args:
        owner: a person's key, ``pool:`` and a pool's key, or ``nobody``.
        whose: ``all`` for everybody's, as far as policy leaves coverage open; else those one may open.
        decided: ``open`` or ``decided``.
    """

    kind: str = ""
    tier: str = ""
    owner: str = ""
    status: str = ""
    whose: str = ""
    decided: str = ""


@dataclass(frozen=True)
class GapRow:
    """A missing artifact with what is suggested and what was decided. A closed account cannot be decided."""

    missing: Missing
    suggested: Diagnosed
    decided: Decision | None

    @property
    def account(self) -> AccountRow:
        """The account that lacks it."""
        return self.missing.account


def gaps(
    viewer: Viewer,
    week: Week,
    *,
    wanted: GapsWanted,
    sort: str = "owner",
    descending: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[GapRow, ...]:
    """Return what is missing in a week, by owner and kind unless another order is asked for."""
    by = F(SORTS[sort])
    first = by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)
    rows = as_it_stood(viewer, week.run.id, _wanted(viewer, week, wanted))
    ordered = rows.order_by(first, "stood_owner", "kind", "account__name", "pk")
    page = ordered[offset : None if limit is None else offset + limit]
    return _with_diagnoses(viewer, week, list(page.values_list("pk", "account_id", "kind", "status", "on")))


def how_many_gaps(viewer: Viewer, week: Week, *, wanted: GapsWanted) -> int:
    """Return how many artifacts are missing."""
    return _wanted(viewer, week, wanted).count()


def gap_of(viewer: Viewer, week: Week, number: int) -> GapRow | None:
    """Return one gap of a week by the number of its requirement, if the viewer may open its account."""
    rows = narrowed(Requirement.objects.filter(pk=number, run_id=week.run.id, status__in=GAPS), viewer)
    found = _with_diagnoses(viewer, week, list(rows.values_list("pk", "account_id", "kind", "status", "on")))
    return found[0] if found else None


def _wanted(viewer: Viewer, week: Week, wanted: GapsWanted) -> QuerySet[Requirement]:
    rows = requirement_rows(viewer, week.run.id).filter(status__in=GAPS)
    is_whole = wanted.whose == EVERYBODY or sees_every_account(viewer)
    of = Wanted(owner=wanted.owner, tier=wanted.tier, shared=is_whole)
    if of != Wanted(shared=True):
        rows = rows.filter(account__in=account_ids(viewer, week.run.id, wanted=of))
    if wanted.kind:
        rows = rows.filter(kind=wanted.kind)
    if wanted.status:
        rows = rows.filter(status=wanted.status)
    if not wanted.decided:
        return rows
    of_gap = Diagnosis.objects.filter(account=OuterRef("account"), kind=OuterRef("kind"))
    judged = Exists(of_gap.filter(since_on=OuterRef("on"))) | Q(Exists(of_gap.filter(since_on=None)), on=None)
    return rows.filter(judged if wanted.decided == DECIDED else ~judged)


def _with_diagnoses(viewer: Viewer, week: Week, rows: list[tuple[Any, ...]]) -> tuple[GapRow, ...]:
    numbers = {row[0]: row for row in rows}
    among = Requirement.objects.filter(pk__in=list(numbers)).values("account_id")
    accounts = {
        each.id: each
        for each in account_rows(viewer, week.run.id, wanted=Wanted(among=(among,), shared=True))
    }
    listed = [
        Missing(accounts[account], kind, status, since, number)
        for number, account, kind, status, since in rows
        if account in accounts
    ]
    suggested, decided = diagnoses(viewer, week, listed), decisions(viewer, listed)
    return tuple(GapRow(each, suggested[each.gap], decided.get(each.gap)) for each in listed)
