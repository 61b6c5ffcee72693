"""Briefs that leaders are to see, for programs: which wait for the asker, and that one was read."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest
from django.utils import timezone
from pydantic import Field

from evenbook.closures.actions.reading import acknowledge
from evenbook.closures.queries.briefs import BriefRow, briefs_to_read
from evenbook.people.asking import asking
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Body, Shape, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Briefs")
LONGEST_KEY = 320


class ReaderOut(Shape):
    """A leader who is to see a brief."""

    name: str
    seen_at: datetime | None
    how: str | None = Field(description="`acknowledged`, or `sent` where the date of a mail counts.")


class BriefOut(Shape):
    """A brief that is written, and closes its loop once all of its readers have seen it."""

    loop: str
    account: str
    account_name: str
    artifact: str
    due_on: date
    written_by: str
    written_at: datetime
    answers: dict[str, AnyJson]
    readers: list[ReaderOut]


class Briefs(Shape):
    """The briefs that wait for the asker, those due first first."""

    items: list[BriefOut]


class Reading(Body):
    """A brief that was read, by its loop."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)


class ReadOut(Shape):
    """Whether the loop is closed with it, and whom it still waits for."""

    loop: str
    closed: bool
    waits_for: list[str]


@router.reads("/briefs", Briefs)
def list_briefs(request: HttpRequest) -> Briefs:
    """List the briefs that you, or somebody who is away and whom you cover, are still to read."""
    viewer = asking(request)
    today = week_asked(viewer, None).today(timezone.now())
    return Briefs(items=[_brief(each) for each in briefs_to_read(viewer, today=today)])


@router.writes("POST", "/briefs/acknowledge", ReadOut)
def acknowledge_brief(request: HttpRequest, given: Reading) -> ReadOut:
    """Say that you have read the brief of a loop; the last reader closes the loop with it."""
    viewer, now = asking(request), timezone.now()
    left = acknowledge(given.loop, by=viewer, today=week_asked(viewer, None).today(now), now=now)
    return ReadOut(loop=given.loop, closed=not left, waits_for=list(left))


def _brief(row: BriefRow) -> BriefOut:
    return BriefOut(
        loop=row.loop_key,
        account=row.account_key,
        account_name=row.account_name,
        artifact=row.kind,
        due_on=row.due_on,
        written_by=row.written_by,
        written_at=row.written_at,
        answers=row.answers,
        readers=[
            ReaderOut(name=each.name, seen_at=each.seen_at, how=said_or_none(each.how))
            for each in row.readers
        ],
    )
