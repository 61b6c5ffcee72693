"""Team structures for programs: what each of the four would need, and which one fits."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.balance import jobs
from evenbook.balance.queries.structures import StructuresNotReady, structures_ready
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import AsOf, Body, Shape
from evenbook.runs.asked import week_asked

router = Router("Books")


class StructurePartOut(Shape):
    """A part of a structure: who does what, by full people."""

    part: str
    held: str = Field(description="named, segment (by name, within one) or queue.")
    from_tier: int
    to_tier: int
    stages: list[str] = Field(description="Empty for all.")
    accounts: int
    hours: float = Field(description="A month, changes of hands included.")
    people: int | None = Field(description="Null where an account takes more than one person has.")
    at_least: int
    cost: float


class StructureOut(Shape):
    """A structure on these accounts."""

    structure: str
    structure_name: str
    people: int | None
    cost: float
    cost_share_of_arr: float | None
    load_lowest: float | None
    load_highest: float | None
    handoffs_per_account: float = Field(description="A year.")
    left_over_hours: float = Field(description="A month, in no part.")
    parts: list[StructurePartOut]


class StructureFitsOut(Shape):
    """Which structure fits, with the figures that say so."""

    structure: str
    because: list[str]
    complexity: float
    acv: float
    spread: float | None
    accounts_per_person: float | None
    team: int


class StructuresOut(Shape):
    """The four structures on the accounts that you may see."""

    as_of: date
    policy_version: int
    currency: str
    accounts: int
    hours: float
    arr: float
    fits: StructureFitsOut | None
    structures: list[StructureOut]


class Comparing(Body):
    """Of which day; empty for the newest week."""

    as_of: date | None = None


class ComparingRun(Shape):
    """The run that works it out."""

    run: int


@router.reads("/structures", StructuresOut)
def compare_structures(request: HttpRequest, asked: Query[AsOf]) -> StructuresOut:
    """Compare the four structures of a team on the accounts that you may see; of many, once worked out."""
    viewer = asking(request)
    found = structures_ready(viewer, week_asked(viewer, asked.as_of))
    if found is None:
        raise StructuresNotReady(
            "On so many accounts the four are worked out beside.",
            fix="Ask for it: POST /api/v1/structures. Ask again here once its run is done.",
        )
    return StructuresOut(**found.document)


@router.writes("POST", "/structures", ComparingRun, status=202)
def ask_for_structures(request: HttpRequest, given: Comparing) -> ComparingRun:
    """Ask a worker to compare the four structures on the accounts that you may see."""
    viewer = asking(request)
    found = week_asked(viewer, given.as_of)
    return ComparingRun(run=jobs.ask_structures(found, by=viewer, now=timezone.now()))
