"""What came of interventions, and what follows what, for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, Shape
from evenbook.runs.asked import week_asked
from evenbook.throughput.queries.outcomes import BondRow, found_bonds, found_effects
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
