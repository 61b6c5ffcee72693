"""The hot sheet, for programs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.hotsheet.actions.marks import mark
from evenbook.hotsheet.models import LONGEST_NOTE
from evenbook.hotsheet.queries import OfWhom, SheetRow, sheet, sheet_totals
from evenbook.hotsheet.queries.work import Work, work_of
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Line, Shape, major, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week
from evenbook.screens.clock import local_day

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
    work: str | None = Field(
        description="Where the work stands: new, working, claimed, saved, lost or false_alarm."
    )
    on_the_sheet_since: date | None
    first_action_by: date | None = Field(description="The last day for a first action.")
    first_action_on: date | None
    overflow: str | None = Field(description="Why its person can't work it in the week; null where they can.")


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
    cut = place.cut(rows)
    work = work_of(viewer, [each.account_id for each in cut], shown.run.as_of)
    return HotSheet(
        items=[_row(each, work.get(each.account_id), shown) for each in cut],
        next=place.next(rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        total=totals.rows,
        arr=major(totals.arr_cents),
        expected_arr_at_risk=major(totals.expected_cents),
    )


class HotMark(Body):
    """What is said of the work on an account of the sheet."""

    account: Line = Field(description="Its key.")
    mark: Literal["working", "saved", "false-alarm", "take-back"]
    note: str = Field("", max_length=LONGEST_NOTE, pattern=NO_NULL)


class HotWorkOut(Shape):
    """The work on an account since it came onto the sheet."""

    account: str
    account_name: str
    began_on: date
    first_action_by: date
    first_action_on: date | None
    claimed_by: str | None
    ended_on: date | None
    ending: str | None = Field(description="saved, lost or false_alarm.")
    why: str | None


@router.writes("POST", "/hot-sheet/work", HotWorkOut)
def mark_hot_work(request: HttpRequest, given: HotMark) -> HotWorkOut:
    """Say how the work on an account of the sheet stands. For who answers for the account.

    Saved by hand shows as claimed until a renewal, or weeks of calm, confirm it. A false alarm needs a note.
    """
    now = timezone.now()
    row = mark(given.account, given.mark, by=asking(request), now=now, day=local_day(now), note=given.note)
    return HotWorkOut(
        account=row.account.key,
        account_name=row.account.name,
        began_on=row.began_on,
        first_action_by=row.due_on,
        first_action_on=row.acted_on,
        claimed_by=said_or_none(row.claimed_by),
        ended_on=row.ended_on,
        ending=said_or_none(row.ending),
        why=said_or_none(row.why),
    )


def _row(row: SheetRow, work: Work | None, shown: Week) -> HotRowOut:
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
        work=work.state if work else None,
        on_the_sheet_since=work.began_on if work else None,
        first_action_by=work.due_on if work else None,
        first_action_on=work.acted_on if work else None,
        overflow=said_or_none(row.overflow_said),
    )
