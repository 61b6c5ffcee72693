"""The weeks that are stored, for programs."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from ninja import Query
from pydantic import Field

from evenbook.people.asking import asking
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import Shape, instant
from evenbook.runs.queries import RunInfo, weeks

router = Router("Weeks")


class WeekOut(Shape):
    """A stored week."""

    as_of: date = Field(description="The day that it stands for.")
    policy_version: int
    ended_at: datetime | None


class Weeks(Page):
    """Stored weeks, the newest first."""

    items: list[WeekOut]


@router.reads("/weeks", Weeks)
def list_weeks(request: HttpRequest, asked: Query[Paged]) -> Weeks:
    """List the stored weeks, the newest first."""
    viewer = asking(request)
    newest = weeks(viewer, limit=1)
    place = Place.of(request, asked, basis=newest[0].id if newest else "")
    found = weeks(viewer, offset=place.offset, limit=place.more)
    return Weeks(items=[_week(each) for each in place.cut(found)], next=place.next(found))


def _week(run: RunInfo) -> WeekOut:
    return WeekOut(as_of=run.as_of, policy_version=run.policy_version, ended_at=instant(run.ended_at))
