"""The list of accounts, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.book.queries import member
from evenbook.desk.queries.accounts import ListedAccount, accounts_page
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import Line, Shape, Whole, instant, major, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week

router = Router("Accounts")
Sort = Literal[
    "account", "-account", "owner", "-owner", "tier", "-tier", "segment", "-segment", "stage", "-stage",
    "state", "-state", "score", "-score", "arr", "-arr", "effort", "-effort", "renews", "-renews",
    "contact", "-contact",
]  # fmt: skip
State = Literal[
    "at_risk", "silent", "declining", "recovering", "onboarding", "adopting", "healthy", "churned"
]
ChangedTo = Literal[
    "any", "at_risk", "silent", "declining", "recovering", "onboarding", "adopting", "healthy", "churned"
]


class AccountsAsked(PagedAsOf):
    """Which accounts."""

    q: Line = Field("", description="Part of a name or domain.")
    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")
    book: Line = Field("", description="A person's key: what they own, alone or in a pool.")
    team: Line = ""
    tier: Whole | None = Field(None, ge=1, le=9)
    segment: Line = ""
    state: State | None = None
    color: Literal["red", "yellow", "green"] | None = None
    coverage: Literal["covered", "gaps"] | None = None
    renews_within_days: Whole | None = Field(None, ge=1, le=3650)
    hot: Literal["yes"] | None = Field(None, description="Those on the hot sheet.")
    changed: ChangedTo | None = Field(None, description="Those that lately changed to this state, or to any.")
    sort: Sort = "-arr"


class AccountOut(Shape):
    """An account as it stood in a week."""

    account: str
    account_name: str
    owner: str | None = Field(description="A person's key, or `pool:` and a pool's key.")
    owner_name: str | None
    tier: int
    tier_assumed: bool
    segment: str | None
    stage: str | None
    region: str | None
    state: str | None
    state_since_on: date | None
    health_score: float | None = Field(description="0 to 100.")
    color: str | None
    covered: bool
    gaps: list[str] = Field(description="The artifacts that are missing or expired.")
    arr: float | None
    currency: str
    effort_hours: float | None = Field(description="Hours a month.")
    renews_on: date | None
    last_meaningful_at: datetime | None
    unmonitored: bool | None


class Accounts(Page):
    """A page of accounts, and the sums of all that match."""

    items: list[AccountOut]
    as_of: date
    policy_version: int
    currency: str
    total: int
    arr: float | None
    effort_hours: float


@router.reads("/accounts", Accounts)
def list_accounts(request: HttpRequest, asked: Query[AccountsAsked]) -> Accounts:
    """List the accounts that you may open, those with most revenue first."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    _check_book(viewer, asked.book)
    place = Place.of(request, asked, basis=shown.run.id)
    page = accounts_page(
        viewer,
        shown,
        asked=_filters(asked),
        sort=asked.sort.removeprefix("-"),
        descending=asked.sort.startswith("-"),
        offset=place.offset,
        limit=place.more,
    )
    return Accounts(
        items=[account_out(each, shown) for each in place.cut(page.accounts)],
        next=place.next(page.accounts),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        total=page.totals.accounts,
        arr=major(page.totals.arr_cents),
        effort_hours=page.totals.effort_hours,
    )


def account_out(each: ListedAccount, shown: Week) -> AccountOut:
    """Return an account of a list as programs read it."""
    row, stands = each.row, each.stands
    return AccountOut(
        account=row.key,
        account_name=row.name,
        owner=said_or_none(row.owner_key),
        owner_name=said_or_none(row.owner_name),
        tier=row.tier,
        tier_assumed=row.tier_assumed,
        segment=said_or_none(row.segment),
        stage=said_or_none(row.stage),
        region=said_or_none(row.region),
        state=stands.state if stands else None,
        state_since_on=stands.since_on if stands else None,
        health_score=stands.score if stands else None,
        color=said_or_none(stands.color) if stands else None,
        covered=each.is_covered,
        gaps=[need.kind for need in each.gaps],
        arr=major(row.arr_cents),
        currency=shown.currency,
        effort_hours=row.effort_hours,
        renews_on=row.renews_on,
        last_meaningful_at=instant(row.last_meaningful_at),
        unmonitored=row.is_unmonitored,
    )


def _check_book(viewer: Viewer, book: str) -> None:
    if book and member(viewer, book) is None:
        raise NothingHere(
            "There is no such person, or none whose book you may open.", fix="See /api/v1/people."
        )


def _filters(asked: AccountsAsked) -> dict[str, str]:
    return {
        "q": asked.q,
        "owner": asked.owner,
        "book": asked.book,
        "team": asked.team,
        "tier": str(asked.tier or ""),
        "segment": asked.segment,
        "state": asked.state or "",
        "color": asked.color or "",
        "coverage": asked.coverage or "",
        "renews": str(asked.renews_within_days or ""),
        "hot": asked.hot or "",
        "changed": asked.changed or "",
    }
