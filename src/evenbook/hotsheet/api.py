"""The hot sheet, for programs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.hotsheet.queries import OfWhom, SheetRow, sheet, sheet_totals
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import Line, Shape, major, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week

router = Router("Hot sheet")
Sort = Literal[
    "rank", "-rank", "account", "-account", "points", "-points", "arr", "-arr", "expected", "-expected"
]


class SheetAsked(PagedAsOf):
    """Which rows of the sheet."""

    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")
    team: Line = ""
    sort: Sort = "rank"


class ReasonOut(Shape):
    """Why an account is on the sheet."""

    signal: str
    points: float
    text: str


class HotRowOut(Shape):
    """A row of the sheet."""

    rank: int
    account: str
    account_name: str
    owner_name: str | None
    points: float
    arr: float | None
    expected_arr_at_risk: float | None
    currency: str
    reasons: list[ReasonOut]
    play: str | None = Field(description="The first move.")
    change: str | None = Field(description="How its place changed since the last sheet.")


class HotSheet(Page):
    """A page of the sheet, and the sums of all its rows."""

    items: list[HotRowOut]
    as_of: date
    policy_version: int
    currency: str
    total: int
    arr: float | None
    expected_arr_at_risk: float | None


@router.reads("/hot-sheet", HotSheet)
def hot_sheet(request: HttpRequest, asked: Query[SheetAsked]) -> HotSheet:
    """List the accounts most at risk, each with its reasons."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    place = Place.of(request, asked, basis=shown.run.id)
    of = OfWhom(owner=asked.owner, team=asked.team)
    rows = sheet(
        viewer,
        shown.run.id,
        of=of,
        sort=asked.sort.removeprefix("-"),
        descending=asked.sort.startswith("-"),
        offset=place.offset,
        limit=place.more,
    )
    totals = sheet_totals(viewer, shown.run.id, of=of)
    return HotSheet(
        items=[_row(each, shown) for each in place.cut(rows)],
        next=place.next(rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        total=totals.rows,
        arr=major(totals.arr_cents),
        expected_arr_at_risk=major(totals.expected_cents),
    )


def _row(row: SheetRow, shown: Week) -> HotRowOut:
    return HotRowOut(
        rank=row.rank,
        account=row.account_key,
        account_name=row.account_name,
        owner_name=said_or_none(row.owner_name),
        points=row.points,
        arr=major(row.arr_cents),
        expected_arr_at_risk=major(row.expected_cents),
        currency=shown.currency,
        reasons=[ReasonOut(signal=each.signal, points=each.points, text=each.text) for each in row.reasons],
        play=said_or_none(row.play),
        change=said_or_none(row.change),
    )
