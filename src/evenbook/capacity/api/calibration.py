"""Calibrations for programs: the newest, those before, adopting one, asking for one."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.capacity.actions import calibration as actions
from evenbook.capacity.queries.calibration import (
    CalibrationRow,
    Load,
    calibration,
    calibrations,
    effects,
    how_many_calibrations,
)
from evenbook.capacity.rules.proposal import CeilingFound, TierHours, Weight
from evenbook.capacity.rules.told import sentence
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.policy.actions import LONGEST_NOTE
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Shape, instant, said_or_none
from evenbook.runs.actions import ask_for
from evenbook.runs.declared import declared

router = Router("Calibration")
WORK = "calibrate"


class EffortWeight(Shape):
    """A level of a factor: its weight in force, what hours say, and what is proposed."""

    factor: str
    factor_name: str
    level: str
    in_force: float
    fitted: float
    low: float
    high: float
    pulled_share: float = Field(description="The share that the weight in force has in the fitted one.")
    accounts: int
    proposed: float
    is_changed: bool


class TierHoursFitted(Shape):
    """Base hours of a tier, in hours a month; ``mean`` is what its mean account is expected to take now."""

    tier: int
    accounts: int
    in_force: float
    mean: float
    low: float
    high: float
    proposed: float
    is_changed: bool


class FittedCeiling(Shape):
    """The ceiling of a role as a measure of quality shows it; null where none is visible, and why."""

    role: str
    quality: str = Field(description="score: of calls; on_time: loops and follow-ups done on time.")
    people: int
    weeks: int
    in_force: float
    found: float | None
    low: float | None
    high: float | None
    slope: float | None
    allows_for_escalations: bool
    proposed: float
    is_changed: bool
    why: str | None


class CalibrationErrors(Shape):
    """Error per account on people held out, as a share of the mean hours."""

    in_force: float | None
    fitted: float | None
    without_conversations: float | None
    with_conversations: float | None


class LoadChangeOut(Shape):
    """Hours a month and load, now and with the proposal; a load is a share of capacity."""

    key: str
    name: str
    accounts: int
    people: int
    capacity_hours: float
    hours_now: float
    hours_then: float
    load_now: float | None
    load_then: float | None


class CalibrationLine(Shape):
    """A calibration in the list."""

    id: int
    as_of: date
    policy_version: int
    made_at: datetime | None
    made_by: str
    sentence: str
    state: str = Field(description="proposed, adopted, superseded or nothing (to adopt).")
    may_be_adopted: bool = Field(description="It waits, and the policy has not changed since.")
    changes: int
    adopted_at: datetime | None
    adopted_by: str | None
    adopted_version: int | None


class CalibrationOut(CalibrationLine):
    """A calibration with all that it found; loads as far as you may see them."""

    why: str | None = Field(description="Why no weight could be learned.")
    weeks: int
    accounts: int
    accounts_with_hours: int
    people: int
    logged_share: float | None
    left_out: dict[str, int]
    errors: CalibrationErrors | None
    weights: list[EffortWeight]
    conversations: list[EffortWeight]
    base_hours: list[TierHoursFitted]
    ceilings: list[FittedCeiling]
    loads: list[LoadChangeOut]
    teams: list[LoadChangeOut]


class Calibrations(Page):
    """Calibrations, the newest first."""

    items: list[CalibrationLine]
    total: int


class CalibrationAdoption(Body):
    """Which calibration becomes the next version of the policy."""

    calibration: int = Field(ge=1, le=2**31)
    note: str = Field("", max_length=LONGEST_NOTE, pattern=NO_NULL)


class CalibrationAsk(Body):
    """CalibrationAsk has to be said."""


class CalibrationRun(Shape):
    """The run that works it out."""

    run: int


@router.reads("/calibration", CalibrationOut)
def get_calibration(request: HttpRequest) -> CalibrationOut:
    """Give the newest calibration."""
    viewer = asking(request)
    return _out(viewer, _found(viewer, None))


@router.reads("/calibrations", Calibrations)
def list_calibrations(request: HttpRequest, asked: Query[Paged]) -> Calibrations:
    """List the calibrations, the newest first."""
    viewer = asking(request)
    total = how_many_calibrations(viewer)
    place = Place.of(request, asked, basis=total)
    rows = calibrations(viewer, offset=place.offset, limit=place.more)
    return Calibrations(items=[_line(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.writes("POST", "/calibration/adopt", CalibrationOut, scope="policy")
def adopt_calibration(request: HttpRequest, given: CalibrationAdoption) -> CalibrationOut:
    """Adopt a calibration as the next version of the policy.

    Refused where the policy has changed since it was worked out, or a later one replaced it.
    """
    viewer = asking(request)
    actions.adopt(given.calibration, by=viewer, now=timezone.now(), note=given.note)
    return _out(viewer, _found(viewer, given.calibration))


@router.writes("POST", "/calibration", CalibrationRun, scope="policy", status=202)
def ask_for_calibration(request: HttpRequest, given: CalibrationAsk) -> CalibrationRun:
    """Ask for a calibration; a worker does it. While one is asked for, the run is that one."""
    work = declared().work(WORK)
    assert work is not None, "the product declares it"
    return CalibrationRun(run=ask_for(work, by=asking(request), now=timezone.now()))


def _found(viewer: Viewer, number: int | None) -> CalibrationRow:
    found = calibration(viewer, number)
    if found is None:
        raise actions.CalibrationGone(
            "No calibration was made yet.", fix="Make one: POST /api/v1/calibration, or `evenbook calibrate`."
        )
    return found


def _line(row: CalibrationRow) -> CalibrationLine:
    return CalibrationLine(
        id=row.id,
        as_of=row.as_of,
        policy_version=row.policy_version,
        made_at=instant(row.made_at),
        made_by=row.made_by,
        sentence=sentence(row.proposal),
        state=row.state,
        may_be_adopted=row.waits,
        changes=row.changed,
        adopted_at=instant(row.adopted_at),
        adopted_by=said_or_none(row.adopted_by),
        adopted_version=row.adopted_version,
    )


def _out(viewer: Viewer, row: CalibrationRow) -> CalibrationOut:
    found, effect = row.proposal, effects(viewer, row.id)
    errors = found.errors
    return CalibrationOut(
        **_line(row).model_dump(),
        why=said_or_none(found.why),
        weeks=found.weeks,
        accounts=found.accounts,
        accounts_with_hours=found.with_hours,
        people=found.people,
        logged_share=found.logged_share,
        left_out=dict(found.left_out or {}),
        errors=None
        if errors is None
        else CalibrationErrors(
            in_force=errors.in_force,
            fitted=errors.fitted,
            without_conversations=errors.without_conversations,
            with_conversations=errors.with_conversations,
        ),
        weights=[_weight(each) for each in found.weights],
        conversations=[_weight(each) for each in found.inputs],
        base_hours=[_hours(each) for each in found.base_hours],
        ceilings=[_ceiling(each) for each in found.ceilings],
        loads=[_load(each) for each in effect.people],
        teams=[_load(each) for each in effect.teams],
    )


def _weight(each: Weight) -> EffortWeight:
    return EffortWeight(
        factor=each.factor,
        factor_name=each.title,
        level=each.level,
        in_force=each.in_force,
        fitted=each.fitted,
        low=each.low,
        high=each.high,
        pulled_share=each.pulled,
        accounts=each.accounts,
        proposed=each.proposed,
        is_changed=each.is_changed,
    )


def _hours(each: TierHours) -> TierHoursFitted:
    return TierHoursFitted(
        tier=each.tier,
        accounts=each.accounts,
        in_force=each.in_force,
        mean=each.mean,
        low=each.low,
        high=each.high,
        proposed=each.proposed,
        is_changed=each.is_changed,
    )


def _ceiling(each: CeilingFound) -> FittedCeiling:
    return FittedCeiling(
        role=each.role,
        quality=each.quality,
        people=each.people,
        weeks=each.weeks,
        in_force=each.in_force,
        found=each.found,
        low=each.low,
        high=each.high,
        slope=each.slope,
        allows_for_escalations=each.escalations,
        proposed=each.proposed,
        is_changed=each.is_changed,
        why=said_or_none(each.why),
    )


def _load(each: Load) -> LoadChangeOut:
    return LoadChangeOut(
        key=each.key,
        name=each.name,
        accounts=each.accounts,
        people=each.people,
        capacity_hours=each.capacity_hours,
        hours_now=each.hours_now,
        hours_then=each.hours_then,
        load_now=each.now,
        load_then=each.then,
    )
