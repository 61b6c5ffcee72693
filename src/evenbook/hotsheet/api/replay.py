"""The replay of the hot sheet for programs: how it did, the losses, adopting, asking anew."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.hotsheet.actions.replays import ReplayGone, adopt
from evenbook.hotsheet.api.sheet import router
from evenbook.hotsheet.queries.replays import LossRow, ReplayRow, how_many_losses, losses, newest_replay
from evenbook.hotsheet.rules.replayed import Fared
from evenbook.hotsheet.rules.told import compared, headline, learned_sentence
from evenbook.people.asking import asking
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.shapes import NO_NULL, Body, Shape, instant, major, said_or_none
from evenbook.runs.actions import ask_for
from evenbook.runs.declared import declared

WORKS = {"now": "replay", "then": "replay-then"}


class SheetFared(Shape):
    """How one sort of sheet did; shares are of rows, of losses ahead of a sheet, of the revenue in them."""

    drawn_up: str = Field(description="sheet, points, revenue, contact or chance.")
    rows: int
    right: int
    precision: float | None
    recall: float | None
    revenue_recall: float | None
    losses: int
    seen: int = Field(description="Losses that stood on a sheet within the weeks before.")
    lead_weeks_p25: float | None
    lead_weeks_median: float | None
    lead_weeks_p75: float | None


class TermLearned(Shape):
    """A term of the points: what it has in force and what is proposed."""

    term: str
    shown: int = Field(description="Accounts and days that showed it.")
    in_force: float
    proposed: float


class RiskAtPoints(Shape):
    """The share of revenue expected lost at so many points."""

    points: float
    share: float


class VersionWeeks(Shape):
    """A version of the policy, and how many sheets it drew up."""

    policy_version: int
    weeks: int


class ReplayOut(Shape):
    """The newest replay."""

    id: int
    as_of: date
    policy_version: int
    by_policy: str = Field(description="now: that version drew up all sheets; then: each week's own did.")
    versions: list[VersionWeeks] = Field(description="With then: the versions, the oldest first.")
    made_at: datetime | None
    made_by: str
    sentence: str | None
    first_on: date | None
    weeks: int
    rows: int = Field(description="Rows of a sheet, at the median.")
    fared: list[SheetFared]
    learned: str
    outcomes: int = Field(description="Losses that followed, which the points were learned from.")
    terms: list[TermLearned]
    risk: list[RiskAtPoints]
    error_in_force: float | None
    error_learned: float | None
    state: str = Field(description="proposed, adopted, superseded or nothing (to adopt).")
    may_be_adopted: bool
    adopted_by: str | None
    adopted_at: datetime | None
    adopted_version: int | None


class LossOut(Shape):
    """A loss that the replay found; no day where the account stood on no sheet before it."""

    account: str
    account_name: str
    happened_on: date
    is_churn: bool
    lost_arr: float | None
    listed_on: date | None
    lead_weeks: float | None


class Losses(Page):
    """Losses of accounts that you may see, the newest first."""

    items: list[LossOut]
    total: int


class ReplayAdoption(Body):
    """Which replay's points become the next version of the policy."""

    replay: int = Field(ge=1, le=2**31)
    note: str = Field("", max_length=LONGEST_NOTE, pattern=NO_NULL)


class ReplayAsk(Body):
    """Asking for a replay has to be said; by the policy in force now, or by that of each week."""

    by_policy: Literal["now", "then"] = "now"


class ReplayRun(Shape):
    """The run that works it out."""

    run: int


@router.reads("/replay", ReplayOut)
def get_replay(request: HttpRequest) -> ReplayOut:
    """Give the newest replay of the hot sheet."""
    return _out(_newest(request))


@router.reads("/replay/losses", Losses)
def list_replay_losses(request: HttpRequest, asked: Query[Paged]) -> Losses:
    """List what was lost, and since when it stood on the sheet."""
    viewer, found = asking(request), _newest(request)
    place = Place.of(request, asked, basis=found.id)
    rows = losses(viewer, found.id, offset=place.offset, limit=place.more)
    total = how_many_losses(viewer, found.id)
    return Losses(items=[_loss(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.writes("POST", "/replay/adopt", ReplayOut, scope="policy")
def adopt_replay(request: HttpRequest, given: ReplayAdoption) -> ReplayOut:
    """Adopt what a replay learned as the next version of the policy.

    Refused where the policy has changed since it was worked out, or a later one replaced it.
    """
    adopt(given.replay, by=asking(request), now=timezone.now(), note=given.note)
    return _out(_newest(request))


@router.writes("POST", "/replay", ReplayRun, scope="policy", status=202)
def ask_for_replay(request: HttpRequest, given: ReplayAsk) -> ReplayRun:
    """Ask for a replay; a worker does it. While one is asked for, the run is that one."""
    work = declared().work(WORKS[given.by_policy])
    assert work is not None, "the product declares it"
    return ReplayRun(run=ask_for(work, by=asking(request), now=timezone.now()))


def _newest(request: HttpRequest) -> ReplayRow:
    found = newest_replay(asking(request))
    if found is None:
        raise ReplayGone("No replay was made yet.", fix="Ask for one: POST /api/v1/replay.")
    return found


def _out(found: ReplayRow) -> ReplayOut:
    learned = found.learned
    return ReplayOut(
        id=found.id,
        as_of=found.as_of,
        policy_version=found.policy_version,
        by_policy=found.by_policy,
        versions=[VersionWeeks(policy_version=number, weeks=weeks) for number, weeks in found.versions],
        made_at=instant(found.made_at),
        made_by=found.made_by,
        sentence=f"{headline(found.fared)} {compared(found.fared)}" if found.fared else None,
        first_on=found.first_on,
        weeks=found.weeks,
        rows=found.rows,
        fared=[_fared(each) for each in found.fared],
        learned=learned_sentence(learned),
        outcomes=learned.outcomes,
        terms=[
            TermLearned(term=each.term, shown=each.shown, in_force=each.in_force, proposed=each.proposed)
            for each in learned.terms
        ],
        risk=[RiskAtPoints(points=points, share=share) for points, share in learned.risk],
        error_in_force=learned.error_in_force,
        error_learned=learned.error_learned,
        state=found.state,
        may_be_adopted=found.waits,
        adopted_by=said_or_none(found.adopted_by),
        adopted_at=instant(found.adopted_at),
        adopted_version=found.adopted_version,
    )


def _fared(each: Fared) -> SheetFared:
    low, middle, high = each.lead_weeks or (None, None, None)
    return SheetFared(
        drawn_up=each.list,
        rows=each.rows,
        right=each.right,
        precision=each.precision,
        recall=each.recall,
        revenue_recall=each.revenue_recall,
        losses=each.losses,
        seen=each.seen,
        lead_weeks_p25=low,
        lead_weeks_median=middle,
        lead_weeks_p75=high,
    )


def _loss(row: LossRow) -> LossOut:
    return LossOut(
        account=row.account_key,
        account_name=row.account_name,
        happened_on=row.happened_on,
        is_churn=row.is_churn,
        lost_arr=major(row.lost_cents),
        listed_on=row.listed_on,
        lead_weeks=row.lead_weeks,
    )
