"""Tiers for programs: who stands where, which moves wait, deciding them, plans, what is set by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import BeforeValidator, Field

from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AsOf, Body, Line, Shape, day_of, instant, major, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week
from evenbook.tiers.actions import deciding, marks
from evenbook.tiers.queries import MoveRow, MovesWanted, how_many_moves, move, move_counts, moves
from evenbook.tiers.queries.plans import PlanRow, StepRow, plans
from evenbook.tiers.queries.shares import OwnerCheck, ratio, tail, tier_shares
from evenbook.tiers.rules.ratio import Check, Limits, Verdict

router = Router("Tiers")

BodyDay = Annotated[date, BeforeValidator(day_of)]


class TierShareOut(Shape):
    """What a tier holds; shares are of all accounts and of all ARR that you may open."""

    tier: int
    tier_name: str
    accounts: int
    assumed: int = Field(description="Accounts whose tier nobody set.")
    arr: float
    share_of_accounts: float | None
    share_of_arr: float | None


class LongTailOut(Shape):
    """The long tail: all accounts from a tier on."""

    from_tier: int
    accounts: int
    arr: float
    share_of_accounts: float | None
    share_of_arr: float | None


class RangeVerdictOut(Shape):
    """An amount for each CSM against its range; ``by`` is how much lies outside."""

    value: float | None
    least: float | None
    most: float | None
    state: str = Field(description="inside, above, below or unknown.")
    by: float


class RangeFactorOut(Shape):
    """What moved a range, and by which share."""

    factor: str
    share: float


class SegmentRatioOut(Shape):
    """A segment's accounts and ARR a CSM; ``people`` are CSMs, each by the part that the segment takes."""

    segment: str
    held: int
    people: float
    accounts: RangeVerdictOut
    arr: RangeVerdictOut
    factors: list[RangeFactorOut]


class OwnerRatioOut(Shape):
    """An owner's accounts and ARR for each of its people."""

    owner: str
    owner_name: str
    is_pool: bool
    held: int
    people: float
    unplaced: int
    accounts: RangeVerdictOut
    arr: RangeVerdictOut


class TiersOut(Shape):
    """Tiers, the long tail, the ratio check, and how many moves wait; money with its currency."""

    as_of: date
    policy_version: int
    currency: str
    moves_up: int
    moves_down: int
    moves_hindered: int
    tiers: list[TierShareOut]
    tail: LongTailOut
    segments: list[SegmentRatioOut]
    owners: list[OwnerRatioOut]
    unowned: int


class TierMovesAsked(PagedAsOf):
    """Which moves."""

    state: Literal["waiting", "hindered", "approved", "declined"] | None = None
    direction: Literal["up", "down"] | None = None
    owner: Line = Field("", description="A person's key, pool: and a pool's, or nobody.")


class MoveFigureOut(Shape):
    """A figure that a move rests on; money in major units."""

    name: str
    value: float | None
    unit: str


class TierMoveOut(Shape):
    """A move to another tier, with its reasons and what keeps it from being made."""

    id: int
    account: str
    account_name: str
    owner_name: str | None
    direction: str
    from_tier: int
    to_tier: int
    grounds: list[str] = Field(description="strategic, arr or expansion.")
    reasons: list[str]
    evidence: list[MoveFigureOut]
    arr: float | None
    state: str = Field(description="waiting, hindered, approved or declined.")
    hindrances: list[str]
    may_move_from: date | None = Field(description="The first day without a hindrance, where it is known.")
    note: str | None
    decided_by: str | None
    decided_at: datetime | None
    effective_on: date | None
    may_decide: bool
    as_of: date


class TierMovesOut(Page):
    """Moves, those with the most revenue first."""

    items: list[TierMoveOut]
    total: int


class PlanStepOut(Shape):
    """A step of a plan."""

    id: int
    says: str
    role: str
    owner_name: str | None
    due_on: date
    done_by: str | None
    done_at: datetime | None


class TierPlanOut(Shape):
    """The plan of an approved move."""

    id: int
    account: str
    account_name: str
    from_tier: int
    to_tier: int
    effective_on: date
    decided_by: str
    steps: list[PlanStepOut]


class TierPlansOut(Page):
    """Plans with open steps, the move that takes effect first at the top."""

    items: list[TierPlanOut]
    total: int


class ApprovedTierMove(Body):
    """A move that is approved."""

    move: int = Field(ge=1, le=2**31)
    effective_on: BodyDay | None = Field(None, description="Else after the days of policy.")
    note: str = Field("", max_length=300, pattern=NO_NULL)


class DeclinedTierMove(Body):
    """A move that is declined, and why."""

    move: int = Field(ge=1, le=2**31)
    reason: str = Field(max_length=300, pattern=NO_NULL)


class OneTierMove(Body):
    """A move by its number."""

    move: int = Field(ge=1, le=2**31)


class OnePlanStep(Body):
    """A step of a plan by its number."""

    step: int = Field(ge=1, le=2**31)


class SetTierMark(Body):
    """What is set of an account by hand."""

    account: str = Field(max_length=80, pattern=NO_NULL)
    kind: Literal["lock", "strategic"]
    reason: str = Field(max_length=300, pattern=NO_NULL)


class WithdrawnTierMark(Body):
    """A mark that is taken away, and why."""

    mark: int = Field(ge=1, le=2**31)
    reason: str = Field(max_length=300, pattern=NO_NULL)


class TierMarkOut(Shape):
    """The number of a mark."""

    mark: int


class DonePlanStep(Shape):
    """The number of a step that is done."""

    step: int


@router.reads("/tiers", TiersOut)
def get_tiers(request: HttpRequest, asked: Query[AsOf]) -> TiersOut:
    """Return what each tier holds, the long tail and the ratio check, of what you may open."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    shares, counts, found = tier_shares(viewer, shown), move_counts(viewer, shown), ratio(viewer, shown)
    ends = tail(viewer, shown, shares)
    return TiersOut(
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        moves_up=counts.up,
        moves_down=counts.down,
        moves_hindered=counts.hindered,
        tiers=[
            TierShareOut(
                tier=row.tier,
                tier_name=row.title,
                accounts=row.accounts,
                assumed=row.assumed,
                arr=row.arr_cents / 100,
                share_of_accounts=row.of_accounts,
                share_of_arr=row.of_arr,
            )
            for row in shares
        ],
        tail=LongTailOut(
            from_tier=ends.from_tier,
            accounts=ends.accounts,
            arr=ends.arr_cents / 100,
            share_of_accounts=ends.of_accounts,
            share_of_arr=ends.of_arr,
        ),
        segments=[_segment(*each) for each in found.segments],
        owners=[_owner(each) for each in found.owners],
        unowned=found.unowned,
    )


@router.reads("/tiers/moves", TierMovesOut)
def list_tier_moves(request: HttpRequest, asked: Query[TierMovesAsked]) -> TierMovesOut:
    """List the moves of accounts that you may open."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    wanted = MovesWanted(asked.state or "", asked.direction or "", asked.owner)
    total = how_many_moves(viewer, shown, wanted=wanted)
    place = Place.of(request, asked, basis=f"{shown.run.id}:{total}")
    rows = moves(viewer, shown, wanted=wanted, offset=place.offset, limit=place.more)
    return TierMovesOut(items=[_move(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.reads("/tiers/plans", TierPlansOut)
def list_tier_plans(request: HttpRequest, asked: Query[Paged]) -> TierPlansOut:
    """List the plans of approved moves whose steps are not all done."""
    found = plans(asking(request))
    place = Place.of(request, asked, basis=len(found))
    rows = place.within(found)
    return TierPlansOut(
        items=[_plan(each) for each in place.cut(rows)], next=place.next(rows), total=len(found)
    )


@router.writes("POST", "/tiers/moves/approve", TierMoveOut)
def approve_tier_move(request: HttpRequest, given: ApprovedTierMove) -> TierMoveOut:
    """Approve a move. For a leader who opens the account in full, or operations."""
    return _decided(
        request,
        given.move,
        lambda viewer, shown: deciding.approve(
            given.move,
            shown=shown,
            by=viewer,
            now=timezone.now(),
            effective_on=given.effective_on,
            note=given.note,
        ),
    )


@router.writes("POST", "/tiers/moves/decline", TierMoveOut)
def decline_tier_move(request: HttpRequest, given: DeclinedTierMove) -> TierMoveOut:
    """Decline a move with a reason; it stays away for the days of policy unless its grounds change."""
    return _decided(
        request,
        given.move,
        lambda viewer, shown: deciding.decline(
            given.move, given.reason, shown=shown, by=viewer, now=timezone.now()
        ),
    )


@router.writes("POST", "/tiers/moves/take-back", TierMoveOut)
def take_tier_move_back(request: HttpRequest, given: OneTierMove) -> TierMoveOut:
    """Take back what was decided of a move, before it takes effect."""
    return _decided(
        request,
        given.move,
        lambda viewer, shown: deciding.take_back(given.move, shown=shown, by=viewer, now=timezone.now()),
    )


@router.writes("POST", "/tiers/steps/done", DonePlanStep)
def finish_tier_step(request: HttpRequest, given: OnePlanStep) -> DonePlanStep:
    """Say that a step of a plan is done. For who answers for the account."""
    deciding.finish_step(given.step, by=asking(request), now=timezone.now())
    return DonePlanStep(step=given.step)


@router.writes("POST", "/tiers/marks", TierMarkOut)
def set_tier_mark(request: HttpRequest, given: SetTierMark) -> TierMarkOut:
    """Lock an account's tier or mark it as strategic, with a reason."""
    number = marks.set_mark(given.account, given.kind, given.reason, by=asking(request), now=timezone.now())
    return TierMarkOut(mark=number)


@router.writes("POST", "/tiers/marks/withdraw", TierMarkOut)
def withdraw_tier_mark(request: HttpRequest, given: WithdrawnTierMark) -> TierMarkOut:
    """Take a lock or a strategic mark away, with a reason."""
    marks.withdraw_mark(given.mark, given.reason, by=asking(request), now=timezone.now())
    return TierMarkOut(mark=given.mark)


def _decided(request: HttpRequest, number: int, does: Callable[[Viewer, Week], object]) -> TierMoveOut:
    viewer = asking(request)
    shown = week_asked(viewer, None)
    does(viewer, shown)
    found = move(viewer, shown, number)
    assert found is not None, "it was decided a moment ago"
    return _move(found)


def _move(row: MoveRow) -> TierMoveOut:
    decided = row.decided
    return TierMoveOut(
        id=row.id,
        account=row.account_key,
        account_name=row.account_name,
        owner_name=said_or_none(row.owner_name),
        direction=row.direction,
        from_tier=row.from_tier,
        to_tier=row.to_tier,
        grounds=list(row.grounds),
        reasons=list(row.reasons),
        evidence=[
            MoveFigureOut(
                name=each.name,
                value=each.value / 100 if each.unit == "money" and each.value is not None else each.value,
                unit=each.unit,
            )
            for each in row.evidence
        ],
        arr=major(row.arr_cents),
        state=row.state,
        hindrances=list(row.hindrances),
        may_move_from=row.free_on,
        note=said_or_none(decided.note) if decided else None,
        decided_by=decided.by if decided else None,
        decided_at=instant(decided.at) if decided else None,
        effective_on=decided.effective_on if decided else None,
        may_decide=row.may_decide,
        as_of=row.as_of,
    )


def _plan(row: PlanRow) -> TierPlanOut:
    return TierPlanOut(
        id=row.id,
        account=row.account_key,
        account_name=row.account_name,
        from_tier=row.from_tier,
        to_tier=row.to_tier,
        effective_on=row.effective_on,
        decided_by=row.decided_by,
        steps=[_step(each) for each in row.steps],
    )


def _step(row: StepRow) -> PlanStepOut:
    return PlanStepOut(
        id=row.id,
        says=row.says,
        role=row.role,
        owner_name=said_or_none(row.owner),
        due_on=row.due_on,
        done_by=said_or_none(row.done_by),
        done_at=instant(row.done_at),
    )


def _segment(check: Check, limit: Limits) -> SegmentRatioOut:
    return SegmentRatioOut(
        segment=check.subject,
        held=check.held,
        people=check.people,
        accounts=_verdict(check.accounts),
        arr=_verdict(check.arr_cents, by=100),
        factors=[RangeFactorOut(factor=name, share=share) for name, share in limit.factors],
    )


def _owner(each: OwnerCheck) -> OwnerRatioOut:
    return OwnerRatioOut(
        owner=each.key,
        owner_name=each.name,
        is_pool=each.is_pool,
        held=each.check.held,
        people=each.check.people,
        unplaced=each.check.unplaced,
        accounts=_verdict(each.check.accounts),
        arr=_verdict(each.check.arr_cents, by=100),
    )


def _verdict(given: Verdict, *, by: int = 1) -> RangeVerdictOut:
    is_known = bool(given.most)
    return RangeVerdictOut(
        value=given.value / by if is_known else None,
        least=given.least / by if is_known else None,
        most=given.most / by if is_known else None,
        state=given.state,
        by=given.by / by,
    )
