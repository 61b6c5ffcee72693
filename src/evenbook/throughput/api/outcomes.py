"""What came of interventions, what follows what, and how loads feel, for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.documents.wording import one_line
from evenbook.kit.dates import monday_of
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AsOf, Body, Shape
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import week as latest
from evenbook.throughput.actions.pulse import say_pulse
from evenbook.throughput.queries.first_weeks import facts, since_baseline
from evenbook.throughput.queries.outcomes import BondRow, found_bonds, found_effects
from evenbook.throughput.queries.pulse import felt_by_team
from evenbook.throughput.rules.first_weeks import Stage, stages, week_of
from evenbook.throughput.rules.outcomes import Found

router = Router("Outcomes")


class IntervalOut(Shape):
    """Two ends that hold a figure with a chance of 80%."""

    low: float
    high: float


class EffectOut(Shape):
    """How a figure moved after interventions of a kind, beside that of comparable people, in its own unit."""

    event: str
    event_name: str
    measure: str
    estimate: float | None = Field(description="Null where too few can be compared.")
    interval_80: IntervalOut | None
    is_seen: bool = Field(description="Whether it is beyond chance (95%).")
    was_comparable: bool = Field(description="Whether nothing says that they went different ways before.")
    events: int
    treated: int = Field(description="Those that somebody is comparable to.")
    compared: int
    said: str


class LagOut(Shape):
    """A correlation of people's own ups and downs, -1 to 1, so many weeks apart."""

    weeks: int
    correlation: float | None
    interval_80: IntervalOut | None
    is_seen: bool
    people: int


class BondOut(Shape):
    """How an outcome follows a cause."""

    cause: str
    outcome: str
    lags: list[LagOut]


class PulseIn(Body):
    """How this week's load feels, and a word why."""

    felt: int = Field(ge=1, le=5, description="1 is light, 5 too much.")
    word: str = Field("", max_length=140, pattern=NO_NULL)


class PulseOut(Shape):
    """What is kept of this week."""

    week_on: date = Field(description="The Monday of the week.")
    felt: int
    word: str


class TeamFeltOut(Shape):
    """How a week felt on average in a team in which five or more said it."""

    team: str
    felt: float


class PulsesOut(Shape):
    """How a week felt, by team."""

    week_on: date
    teams: list[TeamFeltOut]


class StepOut(Shape):
    """A step of the first weeks."""

    step: str
    title: str
    is_done: bool
    said: str


class StageOut(Shape):
    """Steps of some weeks; the last stage goes on."""

    title: str
    first_week: int
    last_week: int | None
    steps: list[StepOut]


class SinceOut(Shape):
    """A figure of everybody or of a team, at the baseline and now."""

    subject_kind: str
    subject: str
    measure: str
    before: float | None
    now: float | None


class FirstWeeksOut(Shape):
    """How far the first seven weeks have come, and what has changed since the baseline."""

    week: int
    baseline_on: date | None
    stages: list[StageOut]
    since: list[SinceOut]


class OutcomesOut(Shape):
    """What came of what was done, and what follows what, as a run found it."""

    effects: list[EffectOut]
    bonds: list[BondOut]
    as_of: date
    policy_version: int


@router.reads("/outcomes", OutcomesOut)
def get_outcomes(request: HttpRequest, asked: Query[AsOf]) -> OutcomesOut:
    """Say what came of interventions, and how figures follow each other; of many people at once."""
    viewer = asking(request)
    week = week_asked(viewer, asked.as_of)
    return OutcomesOut(
        effects=[_effect(each) for each in found_effects(viewer, week)],
        bonds=[_bond(each) for each in found_bonds(viewer, week)],
        as_of=week.run.as_of,
        policy_version=week.run.policy_version,
    )


@router.reads("/pulse", PulsesOut)
def get_pulse(request: HttpRequest, asked: Query[AsOf]) -> PulsesOut:
    """Say how a week felt in each team that you may see and in which five or more people said it."""
    viewer = asking(request)
    week_on = monday_of(week_asked(viewer, asked.as_of).run.as_of)
    felt = felt_by_team(viewer, week_on=week_on)
    teams = [TeamFeltOut(team=team, felt=mean) for team, mean in sorted(felt.items())]
    return PulsesOut(week_on=week_on, teams=teams)


@router.writes("POST", "/pulse", PulseOut)
def say_how_it_feels(request: HttpRequest, given: PulseIn) -> PulseOut:
    """Say how your own load feels this week; the last word of a week stands."""
    viewer, now = asking(request), timezone.now()
    shown = latest(viewer)
    today = shown.today(now) if shown else now.date()
    say_pulse(given.felt, given.word, by=viewer, today=today, now=now)
    return PulseOut(week_on=monday_of(today), felt=given.felt, word=one_line(given.word))


@router.reads("/first-weeks", FirstWeeksOut)
def get_first_weeks(request: HttpRequest) -> FirstWeeksOut:
    """Say how far the first seven weeks have come, and what has changed since the baseline."""
    viewer = asking(request)
    week = week_asked(viewer, None)
    today = week.today(timezone.now())
    found = facts(viewer, week, today=today)
    return FirstWeeksOut(
        week=week_of(found, today),
        baseline_on=found.started_on,
        stages=[_stage(each) for each in stages(found)],
        since=[
            SinceOut(
                subject_kind=each.kind,
                subject=each.subject,
                measure=each.measure,
                before=each.before.value,
                now=each.now.value,
            )
            for each in since_baseline(viewer, week)
        ],
    )


def _stage(stage: Stage) -> StageOut:
    steps = [
        StepOut(step=each.key, title=each.title, is_done=each.is_done, said=each.said) for each in stage.steps
    ]
    return StageOut(title=stage.title, first_week=stage.first, last_week=stage.last, steps=steps)


def _effect(found: Found) -> EffectOut:
    return EffectOut(
        event=found.event,
        event_name=found.title,
        measure=found.measure,
        estimate=found.estimate,
        interval_80=_interval(found.interval_80),
        is_seen=found.is_seen,
        was_comparable=found.was_comparable,
        events=found.events,
        treated=found.treated,
        compared=found.compared,
        said=found.said,
    )


def _bond(row: BondRow) -> BondOut:
    lags = [
        LagOut(
            weeks=each.weeks,
            correlation=each.correlation,
            interval_80=_interval(each.interval_80),
            is_seen=each.is_seen,
            people=each.people,
        )
        for each in row.bonds
    ]
    return BondOut(cause=row.cause, outcome=row.outcome, lags=lags)


def _interval(given: tuple[float, float] | None) -> IntervalOut | None:
    return IntervalOut(low=given[0], high=given[1]) if given else None
