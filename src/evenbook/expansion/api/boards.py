"""The expansion list, the pipeline, the ladder and the two scoreboards for programs."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.book.actions.machines import say_machine
from evenbook.expansion.actions.trials import begin_trial, end_trial
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.ladder import LadderLine, ladder, trials
from evenbook.expansion.queries.listed import ListedRow, list_totals, listed
from evenbook.expansion.queries.pipeline import Group, pipeline
from evenbook.expansion.queries.scoreboards import ExpansionRow, RetentionRow, scoreboards
from evenbook.expansion.rules.ladder import Closing
from evenbook.kit.errors import EvenbookError
from evenbook.people.asking import asking
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AsOf, Body, Shape, day_of, major, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Expansion")


class DayRefused(EvenbookError):
    """A day that there is not."""

    kind = "day-refused"
    status = 422


class ListAsked(PagedAsOf):
    """Which rows of the expansion list."""

    show: Literal["reached", "not_reached", "held", "hands"] | None = None


class ListReasonOut(Shape):
    """Why an account is on the list."""

    signal: str
    points: float
    text: str


class MentionOut(Shape):
    """What is worth a mention: which product, who says it and when, and why now."""

    product: str
    who: str
    says: str
    because: str


class ListedOut(Shape):
    """A row of the expansion list."""

    rank: int
    account: str
    account_name: str
    owner_name: str | None
    points: float
    arr: float | None
    currency: str
    products: int
    products_not_owned: int
    last_meeting_on: date | None = Field(description="Within the cycles of policy; null: not reached.")
    is_held: bool
    openings: int
    reasons: list[ListReasonOut]
    flags: list[str]
    mentions: list[MentionOut]


class ExpansionList(Page):
    """A page of the expansion list."""

    items: list[ListedOut]
    as_of: date
    policy_version: int
    total: int


class IntervalOf(Shape):
    """Two ends that hold a share in eight of ten such groups."""

    low: float
    high: float


class CloseRateOut(Shape):
    """How openings of a kind were closed: won of all that ended."""

    split: str
    of: str
    of_name: str
    opened: int
    ended: int
    won: int
    close_rate: float | None
    interval_80: IntervalOf | None
    is_few: bool = Field(description="Whether the rate is of too few ends to go by.")
    dropped_unanswered: int
    won_amount: float
    median_days_to_answer: float | None = Field(description="Working days.")


class PipelineOut(Shape):
    """The pipeline of what was opened within the months of policy, as it stands now."""

    months: int
    late: int
    currency: str
    all: CloseRateOut
    groups: list[CloseRateOut]
    brings_a_year: float
    dedicated_closer_needs: float
    funds_a_dedicated_closer: bool


class ClosingOut(Shape):
    """How a group of sales ended."""

    ended: int
    won: int
    close_rate: float | None
    median_days: float | None


class LadderLineOut(Shape):
    """A product, its rung, and the evidence."""

    product: str
    rung: str | None
    first_sales_with: ClosingOut
    first_sales_without: ClosingOut
    own_sales: ClosingOut
    other_sales: ClosingOut
    accounts: int
    training_hours_with: float | None
    training_hours_without: float | None
    seats_used_with: float | None
    seats_used_without: float | None
    trials: int
    trials_kept: int
    trials_opted_out: int


class LadderOut(Shape):
    """Where each product is sold."""

    products: list[LadderLineOut]
    rechecks: list[str]
    as_of: date
    policy_version: int


class RetentionOut(Shape):
    """What somebody of the retention machine saved and kept this quarter."""

    person: str
    person_name: str
    states: str | None
    staffed_to: str | None
    saves: list[str] = Field(description="The accounts' keys.")
    grr: float | None
    opened: int
    customers_opened: int


class ExpansionOut(Shape):
    """What somebody of the expansion machine answered and closed this quarter."""

    person: str
    person_name: str
    states: str | None
    staffed_to: str | None
    answered: int
    answered_in_time: int
    ended: int
    won: int
    won_amount: float
    currency: str
    opened: int
    customers_opened: int


class ScoreboardsOut(Shape):
    """Both boards of a quarter up to a day."""

    first_on: date
    as_of: date
    policy_version: int
    retention: list[RetentionOut]
    expansion: list[ExpansionOut]
    customers_helped: int = Field(description="Different customers with a ticket solved this quarter.")


class MachineIn(Body):
    """What somebody is made for (`stated`), or staffed to; an empty value takes it back."""

    person: str = Field(max_length=80, pattern=NO_NULL)
    kind: Literal["stated", "staffed"]
    value: Literal["", "operator", "seller", "retention", "expansion"]


class MachineOut(Shape):
    """What is kept."""

    person: str
    kind: str
    value: str
    is_new: bool


class TrialIn(Body):
    """An opt-out trial of an add-on."""

    account: str = Field(max_length=80, pattern=NO_NULL)
    product: str = Field(min_length=1, max_length=120, pattern=NO_NULL)
    first_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    last_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")


class TrialEnd(Body):
    """What came of a trial."""

    trial: int = Field(ge=1, le=2**31)
    outcome: Literal["kept", "opted_out"]
    note: str = Field("", max_length=300, pattern=NO_NULL)


class TrialTold(Shape):
    """An opt-out trial, and what came of it."""

    id: int
    account: str
    account_name: str
    product: str
    first_on: date
    last_on: date
    outcome: str | None = Field(description="kept or opted_out; none while it is under way.")
    ended_on: date | None
    is_over: bool = Field(description="Its last day has passed, and nobody has said what came of it.")
    note: str | None
    decided_by: str | None = Field(description="Who said what came of it: one of us, or a link of a review.")


class Trials(Shape):
    """Opt-out trials."""

    items: list[TrialTold]


class TrialOut(Shape):
    """The number of a trial, and whether anything is new."""

    trial: int
    is_new: bool


@router.reads("/expansion/list", ExpansionList)
def expansion_list(request: HttpRequest, asked: Query[ListAsked]) -> ExpansionList:
    """List the accounts with most room and proven value, and what to mention there."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    place = Place.of(request, asked, basis=shown.run.id)
    show = asked.show or ""
    rows = listed(viewer, shown.run.id, show=show, offset=place.offset, limit=place.more)
    return ExpansionList(
        items=[_listed(each, shown.currency) for each in place.cut(rows)],
        next=place.next(rows),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        total=list_totals(viewer, shown.run.id, show=show).rows,
    )


@router.reads("/expansion/pipeline", PipelineOut)
def expansion_pipeline(request: HttpRequest) -> PipelineOut:
    """Say how openings are closed: one close rate, split by opener, source and product."""
    viewer, now = asking(request), timezone.now()
    clock = clock_now(viewer, now)
    found = pipeline(viewer, clock, until=now)
    return PipelineOut(
        months=found.months,
        late=found.late,
        currency=clock.policy.of(OrganizationNumbers).currency,
        all=_rate(found.all),
        groups=[_rate(each) for each in found.groups],
        brings_a_year=found.dedicated.brings_cents / 100,
        dedicated_closer_needs=found.dedicated.needs_cents / 100,
        funds_a_dedicated_closer=found.dedicated.is_funded,
    )


@router.reads("/expansion/ladder", LadderOut)
def expansion_ladder(request: HttpRequest, asked: Query[AsOf]) -> LadderOut:
    """Say where each product is sold, and what the records hold of it."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    found = ladder(viewer, shown)
    return LadderOut(
        products=[_rung(each) for each in found.lines],
        rechecks=list(found.rechecks),
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
    )


@router.reads("/expansion/scoreboards", ScoreboardsOut)
def expansion_scoreboards(request: HttpRequest, asked: Query[AsOf]) -> ScoreboardsOut:
    """Give both scoreboards of a quarter, of the people whose work you may see."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    found = scoreboards(viewer, shown, today=clock_now(viewer, timezone.now()).today)
    return ScoreboardsOut(
        first_on=found.first_on,
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        retention=[_retention(each) for each in found.retention],
        expansion=[_expansion(each, shown.currency) for each in found.expansion],
        customers_helped=found.helped,
    )


@router.writes("POST", "/expansion/machines", MachineOut)
def say_which_machine(request: HttpRequest, given: MachineIn) -> MachineOut:
    """Say what somebody is made for, or staff them to retention or expansion, from today on."""
    viewer, now = asking(request), timezone.now()
    today = clock_now(viewer, now).today
    is_new = say_machine(given.person, given.kind, given.value, first_on=today, by=viewer, now=now)
    return MachineOut(person=given.person, kind=given.kind, value=given.value, is_new=is_new)


@router.reads("/expansion/trials", Trials)
def list_trials(request: HttpRequest) -> Trials:
    """List opt-out trials at accounts that you may open: those under way first, then what ended last."""
    viewer = asking(request)
    today = clock_now(viewer, timezone.now()).today
    rows = [
        TrialTold(
            id=row.id, account=row.account_key, account_name=row.account_name, product=row.product,
            first_on=row.first_on, last_on=row.last_on, outcome=said_or_none(row.outcome),
            ended_on=row.ended_on, is_over=row.is_over, note=said_or_none(row.note),
            decided_by=said_or_none(row.decided_by),
        )
        for row in trials(viewer, today)
    ]  # fmt: skip
    return Trials(items=rows)


@router.writes("POST", "/expansion/trials", TrialOut)
def record_trial(request: HttpRequest, given: TrialIn) -> TrialOut:
    """Record an opt-out trial. For whoever answers for the account."""
    viewer, now = asking(request), timezone.now()
    number = begin_trial(
        given.account,
        given.product,
        first_on=_day(given.first_on),
        last_on=_day(given.last_on),
        today=clock_now(viewer, now).today,
        by=viewer,
        now=now,
    )
    return TrialOut(trial=number, is_new=True)


@router.writes("POST", "/expansion/trials/end", TrialOut)
def end_of_trial(request: HttpRequest, given: TrialEnd) -> TrialOut:
    """Keep what came of a trial; an outcome is final."""
    viewer, now = asking(request), timezone.now()
    today = clock_now(viewer, now).today
    is_new = end_trial(given.trial, given.outcome, given.note, today=today, by=viewer, now=now)
    return TrialOut(trial=given.trial, is_new=is_new)


def _day(text: str) -> date:
    """Return a day that was sent.

    Raises:
        DayRefused: there is no such day.
    """
    try:
        day: date = day_of(text)
    except ValueError:
        raise DayRefused(f"'{text}' is no day.", fix="Write it like 2026-03-09.") from None
    return day


def _listed(row: ListedRow, currency: str) -> ListedOut:
    return ListedOut(
        rank=row.rank,
        account=row.account_key,
        account_name=row.account_name,
        owner_name=said_or_none(row.owner_name),
        points=row.points,
        arr=major(row.arr_cents),
        currency=currency,
        products=row.products,
        products_not_owned=row.whitespace,
        last_meeting_on=row.reached_on,
        is_held=row.is_held,
        openings=row.hands,
        reasons=[
            ListReasonOut(signal=each.signal, points=each.points, text=each.text) for each in row.reasons
        ],
        flags=list(row.flags),
        mentions=[
            MentionOut(product=each.product, who=each.who, says=each.says, because=each.because)
            for each in row.mentions
        ],
    )


def _rate(each: Group) -> CloseRateOut:
    found = each.rate
    return CloseRateOut(
        split=each.by,
        of=each.of,
        of_name=each.title,
        opened=found.opened,
        ended=found.ended,
        won=found.won,
        close_rate=found.value,
        interval_80=IntervalOf(low=found.interval[0], high=found.interval[1]) if found.interval else None,
        is_few=each.is_few,
        dropped_unanswered=found.dropped_unanswered,
        won_amount=found.won_cents / 100,
        median_days_to_answer=found.median_days,
    )


def _rung(each: LadderLine) -> LadderLineOut:
    said, had = each.evidence, each.adoption
    return LadderLineOut(
        product=each.product,
        rung=said_or_none(each.rung),
        first_sales_with=_closing(said.first_with),
        first_sales_without=_closing(said.first_without),
        own_sales=_closing(said.own),
        other_sales=_closing(said.others),
        accounts=had.accounts if had else 0,
        training_hours_with=had.hours_with if had else None,
        training_hours_without=had.hours_without if had else None,
        seats_used_with=had.seats_with if had else None,
        seats_used_without=had.seats_without if had else None,
        trials=each.trials,
        trials_kept=each.kept,
        trials_opted_out=each.opted_out,
    )


def _closing(each: Closing) -> ClosingOut:
    return ClosingOut(ended=each.ended, won=each.won, close_rate=each.rate, median_days=each.days)


def _retention(each: RetentionRow) -> RetentionOut:
    return RetentionOut(
        person=each.person.key,
        person_name=each.person.name,
        states=said_or_none(each.machine.stated),
        staffed_to=said_or_none(each.machine.staffed),
        saves=[account.key for account in each.saves],
        grr=each.grr,
        opened=each.opened.opened,
        customers_opened=each.opened.customers,
    )


def _expansion(each: ExpansionRow, currency: str) -> ExpansionOut:
    return ExpansionOut(
        person=each.person.key,
        person_name=each.person.name,
        states=said_or_none(each.machine.stated),
        staffed_to=said_or_none(each.machine.staffed),
        answered=each.closed.answered,
        answered_in_time=each.closed.in_time,
        ended=each.closed.ended,
        won=each.closed.won,
        won_amount=each.closed.won_cents / 100,
        currency=currency,
        opened=each.opened.opened,
        customers_opened=each.opened.customers,
    )
