"""The team's week and a person's, for programs."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.desk.queries.my_week import MyWeek, my_week, whose
from evenbook.desk.queries.roles import InRole
from evenbook.desk.queries.team_week import Covered, Line, TeamWeek, paces_of, team_week
from evenbook.people.asking import asking
from evenbook.records.queries import Meeting
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, Shape, instant, major, said_or_none
from evenbook.rest.shapes import Line as LineText
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week
from evenbook.throughput.queries import Pace

router = Router("People")


class PersonOut(Shape):
    """A person, a pool or a team with what they carry; shares are of 1."""

    subject_kind: str = Field(description="csm, pool or team.")
    subject: str
    subject_name: str
    accounts: int
    load: float | None = Field(description="Effort carried over what they can sustain: 1 is full.")
    load_trend: list[float | None] = Field(description="Of the last weeks, oldest first.")
    load_mean: float | None
    strategic: int | None = Field(description="Strategic interactions held this week.")
    ceiling: float | None = Field(description="How many of them a week can be held well.")
    weeks_over_ceiling: int
    time_to_detect_days: float | None = Field(description="From a risk's first signal to an answer.")
    sentiment: float | None = Field(description="Of this week's scored calls, -1 to 1.")
    sentiment_slope: float | None = Field(description="Its change a week, over the last weeks.")
    follow_ups_per_meeting: float | None
    quality: float | None = Field(description="Mean call score, 0 to 100; null for too few calls.")
    unmonitored: float | None
    covered: float | None
    weeks_over: int
    asks_review: bool
    has_room: bool


class People(Page):
    """Who carries what, those with most load first, as far as you may see it."""

    items: list[PersonOut]
    as_of: date
    policy_version: int


class Retention(Shape):
    """A measure of retention with its target."""

    measure: str
    value: float | None
    target: float


class TeamWeekOut(Shape):
    """The team's week in figures; who carries what stands at /people."""

    as_of: date
    policy_version: int
    currency: str
    accounts: int
    people: int
    tier_1_accounts: int
    tier_1_covered: int
    tier_1_covered_share: float | None
    hot_sheet_accounts: int
    expected_arr_at_risk: float | None
    retention: list[Retention]


class MyWeekAsked(AsOf):
    """Whose week."""

    person: LineText = Field("", description="A person's key; else your own.")


class GapOut(Shape):
    """An account that is not covered."""

    account: str
    account_name: str
    gaps: list[str]


class InRoleOut(Shape):
    """An account of somebody else on which the person has a role."""

    account: str
    account_name: str
    owner: str | None
    owner_name: str | None
    roles: list[str]
    works: bool = Field(description="Whether the person works it in its stage.")
    hours: float = Field(description="Hours a month that the roles take.")


class FirstOut(Shape):
    """An account to turn to first."""

    account: str
    account_name: str
    rank: int
    points: float
    state: str | None
    play: str | None


class MeetingOfWeek(Shape):
    """A booked meeting."""

    at: datetime | None
    account: str
    account_name: str
    kind: str
    subject: str | None


class MyWeekOut(Shape):
    """A person's week."""

    as_of: date
    policy_version: int
    currency: str
    person: str
    person_name: str
    accounts: int
    covered: int
    arr: float | None
    effort_hours: float
    load: float | None
    load_before: float | None
    hot: int
    due: int = Field(
        description="Loops due by the end of the day that are still open, a cohort of silent accounts as one."
    )
    overdue: int = Field(description="Those of them that were due before.")
    later: int = Field(description="Open loops that are due later.")
    follow_ups_due: int
    first: list[FirstOut]
    gaps: list[GapOut]
    in_roles: list[InRoleOut]
    meetings: list[MeetingOfWeek]


@router.reads("/people", People)
def list_people(request: HttpRequest, asked: Query[PagedAsOf]) -> People:
    """List who carries what: people and pools, or teams where you may see no single person."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    place = Place.of(request, asked, basis=shown.run.id)
    rows = place.within(team_week(viewer, shown).lines)
    paces = paces_of(viewer, shown, place.cut(rows))
    return People(
        items=[_person(each, paces.get(each.subject)) for each in place.cut(rows)],
        next=place.next(rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
    )


@router.reads("/team-week", TeamWeekOut)
def get_team_week(request: HttpRequest, asked: Query[AsOf]) -> TeamWeekOut:
    """Give the team's week in figures."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    found = team_week(viewer, shown)
    return _team(found, found.tier_one, shown)


@router.reads("/my-week", MyWeekOut)
def get_my_week(request: HttpRequest, asked: Query[MyWeekAsked]) -> MyWeekOut:
    """Give a person's week: what stands out in their book, what is not covered, whom they meet."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    person = whose(viewer, asked.person)
    if person is None:
        raise NothingHere("There is no such person, or none whose week you may open.", fix="Name a person.")
    return _my_week(my_week(viewer, shown, person, now=timezone.now()), shown)


def _person(line: Line, pace: Pace | None) -> PersonOut:
    return PersonOut(
        subject_kind=line.kind,
        subject=line.key,
        subject_name=line.name,
        accounts=line.accounts,
        load=line.load.value,
        load_trend=list(line.trend),
        load_mean=line.load_mean,
        strategic=None if line.strategic.value is None else line.strategic.count,
        ceiling=line.ceiling.value,
        weeks_over_ceiling=pace.weeks_over if pace else 0,
        time_to_detect_days=line.time_to_detect.value,
        sentiment=line.sentiment.value,
        sentiment_slope=pace.slope if pace else None,
        follow_ups_per_meeting=line.follow_ups.value,
        quality=line.quality.value,
        unmonitored=line.unmonitored.value,
        covered=line.covered.value,
        weeks_over=line.weeks_over,
        asks_review=line.asks_review,
        has_room=line.has_room,
    )


def _team(found: TeamWeek, first: Covered, shown: Week) -> TeamWeekOut:
    return TeamWeekOut(
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        accounts=found.accounts,
        people=found.people,
        tier_1_accounts=first.accounts,
        tier_1_covered=first.accounts - first.uncovered,
        tier_1_covered_share=first.share,
        hot_sheet_accounts=found.sheet.rows,
        expected_arr_at_risk=major(found.sheet.expected_cents),
        retention=[
            Retention(measure=name, value=each.value, target=found.targets[name])
            for name, each in found.retention.items()
        ],
    )


def _my_week(found: MyWeek, shown: Week) -> MyWeekOut:
    return MyWeekOut(
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        currency=shown.currency,
        person=found.person.key,
        person_name=found.person.name,
        accounts=found.book.accounts,
        covered=found.covered,
        arr=major(found.book.arr_cents),
        effort_hours=found.book.effort_hours,
        load=found.load.value,
        load_before=found.load_before.value,
        hot=found.hot,
        due=found.owes.open_due,
        overdue=found.owes.overdue,
        later=found.owes.open_later,
        follow_ups_due=len(found.owes.follow_ups_due),
        first=[
            FirstOut(
                account=each.row.account_key,
                account_name=each.row.account_name,
                rank=each.row.rank,
                points=each.row.points,
                state=each.stands.state if each.stands else None,
                play=said_or_none(each.row.play),
            )
            for each in found.first
        ],
        gaps=[
            GapOut(account=each.row.key, account_name=each.row.name, gaps=[need.kind for need in each.gaps])
            for each in found.gaps
        ],
        in_roles=[_in_role(each) for each in found.roles.others],
        meetings=[_meeting(each) for each in found.meetings],
    )


def _in_role(each: InRole) -> InRoleOut:
    return InRoleOut(
        account=each.row.key,
        account_name=each.row.name,
        owner=said_or_none(each.row.owner_key),
        owner_name=said_or_none(each.row.owner_name),
        roles=[role.role for role in each.roles],
        works=each.works,
        hours=each.hours,
    )


def _meeting(each: Meeting) -> MeetingOfWeek:
    return MeetingOfWeek(
        at=instant(each.at),
        account=each.account_key,
        account_name=each.account_name,
        kind=each.kind,
        subject=said_or_none(each.subject),
    )
