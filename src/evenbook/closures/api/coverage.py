"""Coverage and its audit, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.capacity.queries import AccountRow
from evenbook.closures.actions.diagnosing import decide
from evenbook.closures.queries import Needs
from evenbook.closures.queries.audit import Missing, audit
from evenbook.closures.queries.diagnoses import Decision, Gap, decisions, diagnoses
from evenbook.closures.queries.matrix import MatrixRow, matrix
from evenbook.closures.rules.diagnosis import Diagnosed
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import Line, Shape, Whole, major, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Coverage")
Sort = Literal["account", "-account", "owner", "-owner", "tier", "-tier", "arr", "-arr", "gaps", "-gaps"]
Status = Literal["current", "missing", "expired", "not_yet_due"]


class CoverageAsked(PagedAsOf):
    """Which accounts of the matrix."""

    q: Line = Field("", description="Part of a name or domain.")
    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")
    tier: Whole | None = Field(None, ge=1, le=9)
    region: Line = ""
    coverage: Literal["covered", "gaps"] | None = None
    requirement: Line = Field("", description="A kind of artifact.")
    status: Status | None = Field(None, description="The status of that artifact, or of any.")
    renews_within_days: Whole | None = Field(None, ge=1, le=3650)
    sort: Sort = "-gaps"


class NeedOut(Shape):
    """An artifact that an account's tier requires."""

    requirement: str
    status: str
    on: date | None = Field(description="Until, on, since or due: the day that goes with the status.")


class CoverageRow(Shape):
    """An account of the matrix. What you may not see of a colleague's account is null."""

    account: str
    account_name: str
    owner: str | None
    owner_name: str | None
    tier: int
    arr: float | None
    currency: str
    covered: bool
    requirements: list[NeedOut]


class Coverage(Page):
    """A page of the matrix, and the shares of all accounts that match."""

    items: list[CoverageRow]
    as_of: date
    policy_version: int
    currency: str
    requirements: list[str]
    total: int
    covered: int
    share_by_count: float | None
    share_by_arr: float | None
    counts: dict[str, dict[str, int]] = Field(description="Accounts by requirement and status.")


class AuditAsked(PagedAsOf):
    """Which audit."""

    requirement: Line = Field("", description="One kind of artifact; else all that tiers ask for.")
    tier: Whole | None = Field(None, ge=1, le=9)
    owner: Line = ""


class MissingOut(Shape):
    """An artifact that an account owes and does not hold."""

    account: str
    account_name: str
    arr: float | None
    currency: str
    owner: str | None
    owner_name: str | None
    requirement: str
    status: str
    since: date | None
    diagnosis: str = Field(
        description="What is suggested: overloaded, requirement_wrong, should_not_have_happened, not_clear."
    )
    evidence: str = Field(
        description="What the suggestion rests on; where it is not clear, what was looked at."
    )
    decided: str | None = Field(description="What a leader decided: the same, or another diagnosis.")


class Deciding(Shape):
    """A leader's diagnosis of a missing artifact."""

    account: Line
    requirement: Line
    diagnosis: Literal["overloaded", "requirement_wrong", "should_not_have_happened", "not_clear"]
    note: str = Field("", max_length=500)


class DecidedOut(Shape):
    """What was suggested, and whether the leader confirmed it."""

    account: str
    requirement: str
    suggested: str
    evidence: str
    decided: str
    confirmed: bool


class AuditOut(Page):
    """An audit: what is missing, by revenue, and the counts of all accounts asked about."""

    items: list[MissingOut]
    as_of: date
    policy_version: int
    total: int
    accounts: int
    required: int
    current: int
    not_yet_due: int
    covered: int
    share_by_count: float | None
    share_by_arr: float | None


@router.reads("/coverage", Coverage)
def list_coverage(request: HttpRequest, asked: Query[CoverageAsked]) -> Coverage:
    """List accounts with each artifact that their tier requires."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    place = Place.of(request, asked, basis=shown.run.id)
    found = matrix(
        viewer,
        shown,
        asked=_filters(asked),
        sort=asked.sort.removeprefix("-"),
        descending=asked.sort.startswith("-"),
        offset=place.offset,
        limit=place.more,
    )
    return Coverage(
        items=[_row(each, shown.currency) for each in place.cut(found.rows)],
        next=place.next(found.rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        requirements=list(found.kinds),
        total=found.share.accounts,
        covered=found.share.covered,
        share_by_count=found.share.of_accounts,
        share_by_arr=found.share.of_revenue,
        counts=found.counts,
    )


@router.reads("/coverage/audit", AuditOut)
def get_audit(request: HttpRequest, asked: Query[AuditAsked]) -> AuditOut:
    """Audit the accounts that you may open: who holds what their tier asks for, and who does not."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    tier = str(asked.tier or "")
    found = audit(viewer, shown.run.id, kind=asked.requirement, tier=tier, owner=asked.owner)
    place = Place.of(request, asked, basis=shown.run.id)
    rows = place.within(found.missing)
    shown_rows = place.cut(rows)
    suggested, decided = diagnoses(viewer, shown, shown_rows), decisions(viewer, shown_rows)
    return AuditOut(
        items=[_missing(each, shown.currency, suggested, decided) for each in shown_rows],
        next=place.next(rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        total=len(found.missing),
        accounts=found.accounts,
        required=found.required,
        current=found.current,
        not_yet_due=found.not_yet_due,
        covered=found.covered,
        share_by_count=found.share_by_count,
        share_by_arr=found.share_by_arr,
    )


@router.writes("POST", "/coverage/audit/decide", DecidedOut)
def decide_diagnosis(request: HttpRequest, given: Deciding) -> DecidedOut:
    """Confirm or overrule the suggested diagnosis of a missing artifact. For leaders."""
    viewer = asking(request)
    shown = week_asked(viewer, None)
    found = decide(
        given.account,
        given.requirement,
        given.diagnosis,
        given.note,
        by=viewer,
        week=shown,
        now=timezone.now(),
    )
    return DecidedOut(
        account=given.account,
        requirement=given.requirement,
        suggested=found.diagnosis,
        evidence=found.evidence,
        decided=given.diagnosis,
        confirmed=given.diagnosis == found.diagnosis,
    )


def _filters(asked: CoverageAsked) -> dict[str, str]:
    return {
        "q": asked.q,
        "owner": asked.owner,
        "tier": str(asked.tier or ""),
        "region": asked.region,
        "coverage": asked.coverage or "",
        "kind": asked.requirement,
        "status": asked.status or "",
        "renews": str(asked.renews_within_days or ""),
    }


def _row(found: MatrixRow, currency: str) -> CoverageRow:
    row = found.row
    return CoverageRow(
        account=row.key,
        account_name=row.name,
        owner=said_or_none(row.owner_key),
        owner_name=said_or_none(row.owner_name),
        tier=row.tier,
        arr=major(row.arr_cents),
        currency=currency,
        covered=found.is_covered,
        requirements=_needs(need for need in found.needs if need),
    )


def _missing(
    each: Missing, currency: str, suggested: Mapping[Gap, Diagnosed], decided: Mapping[Gap, Decision]
) -> MissingOut:
    row: AccountRow = each.account
    gap = each.gap
    return MissingOut(
        account=row.key,
        account_name=row.name,
        arr=major(row.arr_cents),
        currency=currency,
        owner=said_or_none(row.owner_key),
        owner_name=said_or_none(row.owner_name),
        requirement=each.kind,
        status=each.status,
        since=each.since,
        diagnosis=suggested[gap].diagnosis,
        evidence=suggested[gap].evidence,
        decided=decided[gap].decided if gap in decided else None,
    )


def _needs(needs: Iterable[Needs]) -> list[NeedOut]:
    """Return requirements as programs read them, gaps first."""
    gaps_first = sorted(needs, key=lambda need: not need.is_gap)
    return [NeedOut(requirement=need.kind, status=need.status, on=need.on) for need in gaps_first]
