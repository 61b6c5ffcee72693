"""Cohorts of silent accounts for programs: which are open, and the one record that closes them."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.closures.actions.cohorts import record_cohort
from evenbook.closures.api.loops import LONGEST_KEY, RefusalOut
from evenbook.closures.api.reviews import SignedOut
from evenbook.closures.queries.batches import MOST
from evenbook.closures.queries.cohorts import Cohort, cohorts_owed
from evenbook.closures.queries.loops import LoopsWanted
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Asked, Body, Line, Shape, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Loops")


class CohortsAsked(Asked):
    """Whose cohorts."""

    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")


class CohortOut(Shape):
    """Silent accounts of one pool or owner that opened together, and that one record closes."""

    cohort: str
    kind: str = Field(description="Of the record: a kind of artifact.")
    whose: str
    first_on: date = Field(description="The first day of the week, or month, in which they opened.")
    due_on: date = Field(description="When the first of them is due.")
    loops: list[str]


class Cohorts(Shape):
    """The cohorts that are owed, those due first first."""

    items: list[CohortOut]


class Recording(Body):
    """The record of a cohort."""

    cohort: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    answers: dict[str, AnyJson] = Field(description="By field, as policy asks for that kind of artifact.")
    without: list[str] = Field(
        default=[],
        max_length=MOST,
        description="Loops that stand out: they stay open for records of their own.",
    )


class RecordedOut(Shape):
    """What became of each account, or what the record lacks; then nothing was changed."""

    items: list[SignedOut]
    refusals: list[RefusalOut]


@router.reads("/cohorts", Cohorts)
def list_cohorts(request: HttpRequest, asked: Query[CohortsAsked]) -> Cohorts:
    """List the cohorts of silent accounts that are owed."""
    viewer = asking(request)
    shown = week_asked(viewer, None)
    wanted = LoopsWanted(owner=asked.owner, as_they_are=True, in_cohorts=True)
    found = cohorts_owed(viewer, shown, wanted=wanted, today=shown.today(timezone.now()))
    return Cohorts(items=[_cohort(each) for each in found])


@router.writes("POST", "/cohorts/record", RecordedOut)
def record_silence(request: HttpRequest, given: Recording) -> RecordedOut:
    """Close the loops of a cohort with one record; each account is checked and recorded by itself."""
    viewer, now = asking(request), timezone.now()
    shown = week_asked(viewer, None)
    found = record_cohort(
        given.cohort,
        given.answers,
        without=given.without,
        by=viewer,
        week=shown,
        today=shown.today(now),
        now=now,
    )
    return RecordedOut(
        items=[
            SignedOut(loop=each.key, closed=each.is_closed, log=each.log, why_not=said_or_none(each.why_not))
            for each in found.signed
        ],
        refusals=[RefusalOut(field=each.field, reason=each.reason) for each in found.refusals],
    )


def _cohort(each: Cohort) -> CohortOut:
    return CohortOut(
        cohort=each.key,
        kind=each.artifact_kind,
        whose=each.whose,
        first_on=each.first_on,
        due_on=each.due_on,
        loops=[row.key for row in each.silent],
    )
