"""The weeks ahead and profiles for programs, and leave typed and taken back."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.book.actions.absences import KINDS, type_leave, withdraw_leave
from evenbook.book.profiles import AdjustmentRow, CeilingRow, LeaveRow, ProfileRefused, leave_row
from evenbook.desk.queries.profile import Shown, profile_of
from evenbook.desk.queries.weeks_ahead import Row, StandsOut, WeekCell, weeks_ahead
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AsOf, Body, Shape, said_or_none
from evenbook.rest.shapes import Line as LineText
from evenbook.runs.asked import week_asked

router = Router("People")
LONGEST_KEY = 80


class WeekAheadOut(Shape):
    """A week ahead: load is effort ÷ capacity, both in hours a month."""

    week_up_to: date
    load: float | None = Field(description="1 is full; null where nothing can be sustained.")
    effort_hours: float
    capacity_hours: float | None = Field(description="Null where nobody is in the team in that week.")
    working_days: int
    days_on_leave: int
    public_holidays: int
    uncovered_hours: float
    renewals: int


class AheadOut(Shape):
    """A person or a team in the weeks ahead."""

    subject_kind: str = Field(description="csm or team.")
    subject: str
    subject_name: str
    team: str | None
    weeks: list[WeekAheadOut]


class StandsOutOut(Shape):
    """What stands out in the weeks ahead."""

    kind: str = Field(description="renewals, absences or over.")
    subject: str
    subject_name: str
    first_on: date
    last_on: date
    count: int = Field(description="Renewals, people away, or weeks over.")
    share: float = Field(description="Of the book, of the team's days, or the highest load.")


class WeeksAheadOut(Page):
    """A page of the weeks ahead, by name, and all that stands out in them."""

    items: list[AheadOut]
    stands_out: list[StandsOutOut]
    as_of: date
    policy_version: int


class AheadAsked(PagedAsOf):
    """Whose weeks ahead."""

    team: LineText = Field("", description="A team's name.")
    person: LineText = Field("", description="A person's key.")


class LeaveOut(Shape):
    """A leave."""

    id: int
    first_on: date
    last_on: date
    kind: str
    cover_name: str | None
    from_calendar: bool


class CapacityEntryOut(Shape):
    """An adjustment of hours a month, or a ceiling of their own a week."""

    id: int
    first_on: date
    last_on: date | None
    amount: float
    reason: str


class ProfileOut(Shape):
    """Somebody of the team, and how what they can sustain came about."""

    person: str
    person_name: str
    role: str
    team: str | None
    started_on: date | None
    left_on: date | None
    region: str | None
    time_zone: str | None
    languages: list[str]
    industries: list[str]
    monthly_hours: float
    working_share: float
    ramp: float | None
    availability: float | None
    adjustment_hours: float | None
    capacity_hours: float | None
    load: float | None
    ceiling: float | None
    leave: list[LeaveOut]
    adjustments: list[CapacityEntryOut]
    ceilings: list[CapacityEntryOut]
    as_of: date
    policy_version: int


class Leaving(Body):
    """A leave to write down."""

    person: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    first_on: str = Field(max_length=10, pattern=NO_NULL, description="The first day away, as 2026-03-09.")
    last_on: str = Field(max_length=10, pattern=NO_NULL, description="The last day away.")
    kind: str = Field("leave", max_length=20, pattern=NO_NULL, description=f"One of {', '.join(KINDS)}.")
    cover: str = Field("", max_length=LONGEST_KEY, pattern=NO_NULL, description="Who covers, by their key.")


class LeaveTakenBack(Shape):
    """A leave that was taken back."""

    id: int
    is_withdrawn: bool


@router.reads("/weeks-ahead", WeeksAheadOut)
def list_weeks_ahead(request: HttpRequest, asked: Query[AheadAsked]) -> WeeksAheadOut:
    """List the weeks ahead of whom you may see: load, leave, renewals, and what stands out."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    place = Place.of(request, asked, basis=shown.run.id)
    found = weeks_ahead(viewer, shown, team=asked.team, person=asked.person)
    rows = place.within(found.rows)
    return WeeksAheadOut(
        items=[_row(each) for each in place.cut(rows)],
        next=place.next(rows),
        stands_out=[_standing(each) for each in found.stands_out],
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
    )


@router.reads("/profiles/{person}", ProfileOut)
def get_profile(request: HttpRequest, person: str, asked: Query[AsOf]) -> ProfileOut:
    """Give somebody's profile: what they can sustain and why, leave, adjustments, ceilings."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    found = profile_of(viewer, shown, person, now=timezone.now())
    if found is None:
        raise NothingHere("There is no such person, or none whose load you may see.", fix="Name a person.")
    return _profile(found, as_of=shown.run.as_of, version=shown.run.policy_version)


@router.writes("POST", "/leave", LeaveOut, status=201)
def write_leave(request: HttpRequest, given: Leaving) -> LeaveOut:
    """Write down a leave, known from now on. The same one again changes nothing."""
    viewer, now = asking(request), timezone.now()
    number = type_leave(
        given.person,
        _day(given.first_on),
        _day(given.last_on),
        kind=given.kind,
        cover=given.cover,
        by=viewer,
        now=now,
    )
    return _leave_of(viewer, number)


@router.writes("POST", "/leave/{int:number}/withdraw", LeaveTakenBack, takes="")
def take_leave_back(request: HttpRequest, number: int) -> LeaveTakenBack:
    """Take a leave back from now on; of one that has begun the days up to yesterday stay."""
    withdraw_leave(number, by=asking(request), now=timezone.now())
    return LeaveTakenBack(id=number, is_withdrawn=True)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProfileRefused(f"'{text}' is not a day.", fix="Write it as 2026-03-09.") from None


def _leave_of(viewer: Viewer, number: int) -> LeaveOut:
    row = leave_row(viewer, number)
    if row is None:
        raise NothingHere("There is no such leave.", fix="Look at the person's profile.")
    return _leave(row)


def _leave(row: LeaveRow) -> LeaveOut:
    return LeaveOut(
        id=row.id,
        first_on=row.first_on,
        last_on=row.last_on,
        kind=row.kind,
        cover_name=said_or_none(row.cover_name),
        from_calendar=row.from_calendar,
    )


def _row(row: Row) -> AheadOut:
    return AheadOut(
        subject_kind=row.kind,
        subject=row.key,
        subject_name=row.name,
        team=said_or_none(row.team),
        weeks=[_cell(each) for each in row.cells],
    )


def _cell(cell: WeekCell) -> WeekAheadOut:
    return WeekAheadOut(
        week_up_to=cell.last_on,
        load=cell.load,
        effort_hours=cell.effort,
        capacity_hours=cell.can,
        working_days=cell.days,
        days_on_leave=cell.away,
        public_holidays=cell.off,
        uncovered_hours=cell.uncovered,
        renewals=cell.renewals,
    )


def _standing(each: StandsOut) -> StandsOutOut:
    return StandsOutOut(
        kind=each.kind,
        subject=each.key,
        subject_name=each.of,
        first_on=each.first_on,
        last_on=each.last_on,
        count=each.count,
        share=each.share,
    )


def _profile(found: Shown, *, as_of: date, version: int) -> ProfileOut:
    who, can = found.profile, found.can
    return ProfileOut(
        person=who.key,
        person_name=who.name,
        role=who.role,
        team=said_or_none(who.team),
        started_on=who.started_on,
        left_on=who.left_on,
        region=said_or_none(who.region),
        time_zone=said_or_none(who.time_zone),
        languages=list(who.languages),
        industries=list(who.industries),
        monthly_hours=found.monthly_hours,
        working_share=who.working_share,
        ramp=can.ramp if can else None,
        availability=can.availability if can else None,
        adjustment_hours=can.adjustment if can else None,
        capacity_hours=can.hours if can else None,
        load=found.load.value,
        ceiling=found.ceiling.value,
        leave=[_leave(each) for each in who.leaves],
        adjustments=[_entry(each, each.hours) for each in who.adjustments],
        ceilings=[_entry(each, each.a_week) for each in who.ceilings],
        as_of=as_of,
        policy_version=version,
    )


def _entry(row: AdjustmentRow | CeilingRow, amount: float) -> CapacityEntryOut:
    return CapacityEntryOut(
        id=row.id, first_on=row.first_on, last_on=row.last_on, amount=amount, reason=row.reason
    )
