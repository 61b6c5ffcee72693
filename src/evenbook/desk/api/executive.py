"""Retention with what moved it, and the metrics in three tiers, for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.desk.queries.executive import executive
from evenbook.desk.queries.executive_told import ExecutiveTold, MetricsTold
from evenbook.desk.queries.metrics import metrics
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AsOf, Shape
from evenbook.runs.asked import week_asked

router = Router("Executive")


class ExecutiveAsked(AsOf):
    """Of which week, and of whom."""

    team: str = Field(
        "", max_length=200, pattern=NO_NULL, description="A team; else all that you lead, or your own book."
    )


class FigureOut(Shape):
    """A figure now and a quarter before, against its target."""

    measure: str
    measure_name: str
    now: float | None
    before: float | None
    target: float | None
    met: bool | None
    n: int = Field(description="Of how many rows it is now.")


class BridgeOut(Shape):
    """Revenue a year of the closed cohort: start + expansion - contraction - churn = end; others apart."""

    start: float
    expansion: float
    contraction: float
    churn: float
    end: float
    new: float
    reactivation: float
    total: float
    customers: int
    customers_stayed: int
    customers_paying: int


class LifetimeOut(Shape):
    """What a customer is worth; ``capped`` where the years are the most that policy counts."""

    value: float
    years: float
    capped: bool


class MisreadOut(Shape):
    """A figure as it is often made, beside the right one."""

    key: str
    key_name: str
    lazy: float
    lazy_formula: str
    right: float
    right_formula: str
    measure: str
    why: str


class CohortAgeOut(Shape):
    """A cohort at the end of a quarter; ``age`` counts quarters since it came."""

    age: int
    until_on: date
    customers: int
    customers_stayed: int
    start: float
    kept: float
    end: float
    revenue_share: float | None
    net_share: float | None
    customers_share: float | None


class CohortQuarterOut(Shape):
    """The customers whose first revenue fell into a quarter."""

    quarter_on: date
    ages: list[CohortAgeOut]


class ExecutiveOut(Shape):
    """Retention of a week: figures, the bridge, how it is misread, cohorts."""

    as_of: date
    policy_version: int
    subject_kind: str
    subject: str
    currency: str
    weeks: int
    basis: str
    parents: str
    figures: list[FigureOut]
    bridge: BridgeOut
    lifetime: LifetimeOut | None
    lifetime_before: LifetimeOut | None
    misread: list[MisreadOut]
    cohorts: list[CohortQuarterOut]
    expected_arr_at_risk: float | None


class MetricFigureOut(Shape):
    """A metric of somebody: its figure now and a quarter before."""

    metric: str
    metric_name: str
    unit: str
    now: float | None
    before: float | None
    target: float | None
    met: bool | None
    says: str


class MetricOut(MetricFigureOut):
    """A metric with its audience, question, action and place; ``missing`` says what is not recorded."""

    tier: str
    audience: str
    question: str
    action: str
    under: str = Field(description="nrr or grr: the figure that it moves.")
    acts: str
    goal: str
    missing: str


class PersonFiguresOut(Shape):
    """Somebody's own figures."""

    id: str
    id_name: str
    figures: list[MetricFigureOut]


class MetricsOut(Shape):
    """The metrics in three tiers; single people only where they are open to you."""

    as_of: date
    policy_version: int
    subject_kind: str
    subject: str
    currency: str
    metrics: list[MetricOut]
    people: list[PersonFiguresOut]


@router.reads("/executive", ExecutiveOut)
def get_executive(request: HttpRequest, asked: Query[ExecutiveAsked]) -> ExecutiveOut:
    """Give NRR and GRR with what moved them, how they are misread, and cohorts."""
    viewer = asking(request)
    found = executive(viewer, week_asked(viewer, asked.as_of), team=asked.team)
    return ExecutiveOut.model_validate(ExecutiveTold(found).values)


@router.reads("/metrics", MetricsOut)
def get_metrics(request: HttpRequest, asked: Query[ExecutiveAsked]) -> MetricsOut:
    """Give the metrics in three tiers, each against its target."""
    viewer = asking(request)
    found = metrics(viewer, week_asked(viewer, asked.as_of), team=asked.team)
    return MetricsOut.model_validate(MetricsTold(found).values)
