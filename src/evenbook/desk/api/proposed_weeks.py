"""The weeks ahead under a proposal, for programs."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from pydantic import Field

from evenbook.desk.queries.proposed_weeks import proposed_weeks
from evenbook.people.asking import asking
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import Shape

router = Router("Books")


class ProposedWeekOut(Shape):
    """A week ahead under the present owners and with the proposal; load is effort ÷ capacity."""

    week_up_to: date
    load_before: float | None = Field(description="1 is full; null where nothing can be sustained.")
    load_after: float | None
    effort_hours_before: float
    effort_hours_after: float
    capacity_hours: float | None = Field(description="Null where nobody is in the team in that week.")


class ProposedRowOut(Shape):
    """A person or a team in the weeks ahead."""

    subject_kind: str = Field(description="csm or team.")
    subject: str
    subject_name: str
    weeks_over_before: int
    weeks_over_after: int
    weeks: list[ProposedWeekOut]


class CoveredWeekOut(Shape):
    """Which share of the effort has a person there; null without any effort."""

    week_up_to: date
    before: float | None
    after: float | None


class ProposedWeeksOut(Shape):
    """The weeks ahead of the people whom a proposal is about, the fullest first."""

    proposal: int
    as_of: date
    policy_version: int
    moves: int
    over_above: float = Field(description="The load above which somebody is over; 1 is full.")
    items: list[ProposedRowOut]
    covered: list[CoveredWeekOut]


@router.reads("/proposals/{int:number}/weeks", ProposedWeeksOut)
def get_proposed_weeks(request: HttpRequest, number: int) -> ProposedWeeksOut:
    """Give the weeks ahead under the present owners and with a proposal, as of the day it was made of."""
    found = proposed_weeks(asking(request), number)
    if found is None:
        raise NothingHere(f"There is no proposal {number}.", fix="List them: GET /api/v1/proposals.")
    return ProposedWeeksOut(**found.document())
