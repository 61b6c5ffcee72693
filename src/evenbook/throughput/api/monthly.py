"""The monthly calibration pack, for programs: its figures and sentences, and the same as a file."""

from __future__ import annotations

from datetime import date
from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Query
from pydantic import Field

from evenbook.kit.months import Month
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Asked, Shape
from evenbook.screens.exports import TakenAway, taken
from evenbook.throughput.queries.monthly import NoPack, Pack, pack
from evenbook.throughput.queries.monthly_file import FILES, written
from evenbook.throughput.queries.monthly_told import Told

router = Router("Months")


class MonthAsked(Asked):
    """Of which month, and of whom."""

    month: str = Field(
        "", max_length=7, pattern=r"^(\d{4}-\d{2})?$", description="As 2026-11; else the newest."
    )
    team: str = Field("", max_length=200, pattern=NO_NULL, description="A team; else all that you lead.")


class MonthFileAsked(MonthAsked):
    """Of which month and whom, and in which form."""

    format: Literal["pdf", "pptx"] = "pdf"


class StandOut(Shape):
    """A figure now, at the end of the month before, and in the baseline, in the measure's own unit."""

    measure: str
    measure_name: str
    now: float | None
    before: float | None
    change: float | None
    baseline: float | None
    n: int = Field(description="Of how many rows it is now.")


class PersonMonthOut(Shape):
    """A person's load before and now, and the last week against their ceiling."""

    id: str
    id_name: str
    load: float | None
    load_before: float | None
    strategic: int
    ceiling: float | None
    weeks_over: int
    chain: list[StandOut]


class MonthDecisionOut(Shape):
    """A decision as it stood at the end of the month."""

    id: int
    kind: str
    kind_name: str
    subject: str
    subject_name: str
    waits_from_on: date | None
    state: str
    choice: str
    note: str
    effect: str


class FeltOut(Shape):
    """How a week felt in a team in which five or more said it, 1 to 5, beside its load."""

    team: str
    week_on: date
    felt: float
    load: float | None


class SeenOut(Shape):
    """What was seen to come of interventions of a kind, in one figure."""

    event: str
    event_name: str
    measure: str
    said: str


class WeightsOut(Shape):
    """The last calibration by the end of the month; errors are shares of the mean hours, held out."""

    id: int
    as_of: date
    error_in_force: float | None
    error_learned: float | None
    changes: int
    stands: str


class PolicyVersionOut(Shape):
    """A version of the policy that was adopted in the month."""

    number: int
    adopted_on: date
    by: str
    note: str
    changes: int


class SectionOut(Shape):
    """A part of the pack that has data, with its sentence."""

    section: str
    section_name: str
    sentence: str


class AskedOut(Shape):
    """Something that is asked of you."""

    what: str
    why: str


class MonthOut(Shape):
    """A month for the calibration meeting: parts without data are empty."""

    month: str
    subject_kind: str
    subject: str
    as_of: date
    before_on: date | None
    baseline_on: date | None
    policy_version: int
    sentence: str
    sections: list[SectionOut]
    figures: list[StandOut]
    people: list[PersonMonthOut]
    decisions: list[MonthDecisionOut]
    felt: list[FeltOut]
    effects: list[SeenOut]
    calibration: WeightsOut | None
    policy: list[PolicyVersionOut]
    asked: list[AskedOut]


@router.reads("/monthly", MonthOut)
def get_month(request: HttpRequest, asked: Query[MonthAsked]) -> MonthOut:
    """Give the pack of a month: the seven beside the month before and the baseline, people, decisions."""
    return MonthOut.model_validate(Told(_pack(asking(request), asked)).values)


@router.gives_file("/monthly/file", [media_type for media_type, _ in FILES.values()])
def take_month(request: HttpRequest, asked: Query[MonthFileAsked]) -> HttpResponse:
    """Give the pack of a month as PDF or as slides; that it was taken is recorded."""
    viewer = asking(request)
    found = _pack(viewer, asked)
    response = HttpResponse(written(viewer, found, asked.format), content_type=FILES[asked.format][0])
    name = f"monthly-{found.month.key}"
    response["Content-Disposition"] = f'attachment; filename="{name}.{asked.format}"'
    return taken(response, TakenAway(name, asked.format, len(found.people)))


def _pack(viewer: Viewer, asked: MonthAsked) -> Pack:
    month = Month.read(asked.month) if asked.month else None
    if asked.month and month is None:
        raise NoPack(f"'{asked.month}' is not a month.", fix="Write it as 2026-11.")
    return pack(viewer, month, team=asked.team)
