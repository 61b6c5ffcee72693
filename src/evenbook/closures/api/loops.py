"""Loops for programs: who owes what, closing one with its artifact, waiving one."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.capacity.queries import account_row
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.deciding import REASONS, take, waive
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, how_many_loops, loop_called, loops
from evenbook.closures.rules.standing import OPEN
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, PagedAsOf, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Body, Line, Shape, said_or_none
from evenbook.runs.asked import week_asked

router = Router("Loops")
LONGEST_KEY = 320


class LoopsAsked(PagedAsOf):
    """Which loops."""

    owner: Line = Field("", description="A person's key, `pool:` and a pool's key, or `nobody`.")
    account: Line = Field("", description="An account's key.")
    kind: Line = Field("", description="A kind of loop, as policy names it.")
    every_state: bool = Field(
        False, alias="all", description="Also those that are closed, waived or withdrawn."
    )


class LoopOut(Shape):
    """A loop: what an event opened, who owes it, and what became of it."""

    id: str
    account: str
    account_name: str
    kind: str
    kind_name: str
    artifact: str
    owner: str | None
    owner_name: str | None
    opened_on: date
    due_on: date
    closed_on: date | None
    state: str
    waiver: str | None
    opened_by: str = Field(description="The record that opened it, else the kind of event.")
    cohort: str | None = Field(description="The cohort of silent accounts that one record closes.")


class Loops(Page):
    """A page of loops, those due first first."""

    items: list[LoopOut]
    as_of: date
    policy_version: int
    total: int


class Closing(Body):
    """The artifact that closes a loop."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    answers: dict[str, AnyJson] = Field(description="By field, as policy asks for that kind of artifact.")


class RefusalOut(Shape):
    """Why an answer does not meet the standard."""

    field: str
    reason: str


class ClosedOut(Shape):
    """Whether the loop is closed, and if not, what the artifact lacks."""

    loop: str
    closed: bool
    refusals: list[RefusalOut]
    waits_for: list[str] = Field(
        description="The leaders who are to see it before it closes; then it is written."
    )


class Waiving(Body):
    """A waiver with its reason."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    reason: str = Field(max_length=20, pattern=NO_NULL, description=f"One of {', '.join(REASONS)}.")
    note: str = Field("", max_length=500, pattern=NO_NULL)


class Taking(Body):
    """A loop that a pool owes."""

    loop: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)


class Done(Shape):
    """What was done."""

    loop: str
    state: str


@router.reads("/loops", Loops)
def list_loops(request: HttpRequest, asked: Query[LoopsAsked]) -> Loops:
    """List loops that you may see: open and overdue, or with `all` in every state."""
    viewer = asking(request)
    shown = week_asked(viewer, asked.as_of)
    now = timezone.now()
    day, is_now = asked.as_of or shown.today(now), asked.as_of is None
    wanted = LoopsWanted(
        owner=asked.owner,
        account_key=asked.account,
        kind=asked.kind,
        owed=not asked.every_state,
        as_they_are=is_now,
    )
    place = Place.of(request, asked, basis=shown.run.id)
    rows = loops(viewer, shown.policy, day, wanted=wanted, offset=place.offset, limit=place.more)
    return Loops(
        items=[_loop(each) for each in place.cut(rows)],
        next=place.next(rows),
        as_of=day,
        policy_version=shown.run.policy_version,
        total=how_many_loops(viewer, shown.policy, day, wanted=wanted),
    )


@router.writes("POST", "/loops/close", ClosedOut)
def close_loop(request: HttpRequest, given: Closing) -> ClosedOut:
    """Close a loop with an artifact, if it meets the standard; else say what it lacks."""
    viewer = asking(request)
    shown = week_asked(viewer, None)
    row = loop_called(viewer, shown.policy, shown.run.as_of, given.loop)
    stands = account_row(viewer, shown.run.id, row.account_id) if row else None
    found = close(
        given.loop, given.answers, by=viewer, tier=stands.tier if stands else None, now=timezone.now()
    )
    return ClosedOut(
        loop=given.loop,
        closed=found.is_closed,
        refusals=[RefusalOut(field=each.field, reason=each.reason) for each in found.refusals],
        waits_for=list(found.waits_for),
    )


@router.writes("POST", "/loops/waive", Done)
def waive_loop(request: HttpRequest, given: Waiving) -> Done:
    """Waive a loop with one of three reasons. It is counted, closes nothing and covers nobody."""
    waive(given.loop, given.reason, given.note, by=asking(request), now=timezone.now())
    return Done(loop=given.loop, state="waived")


@router.writes("POST", "/loops/take", Done)
def take_loop(request: HttpRequest, given: Taking) -> Done:
    """Take a loop that a pool of yours owes onto your own week."""
    viewer, now = asking(request), timezone.now()
    take(given.loop, by=viewer, now=now)
    shown = week_asked(viewer, None)
    row = loop_called(viewer, shown.policy, shown.today(now), given.loop)
    return Done(loop=given.loop, state=row.state if row else OPEN)


def _loop(row: LoopRow) -> LoopOut:
    return LoopOut(
        id=row.key,
        account=row.account_key,
        account_name=row.account_name,
        kind=row.kind,
        kind_name=row.title,
        artifact=row.artifact_kind,
        owner=said_or_none(row.owner_key),
        owner_name=said_or_none(row.owner_name),
        opened_on=row.opened_on,
        due_on=row.due_on,
        closed_on=row.closed_on,
        state=row.state,
        waiver=said_or_none(row.waiver),
        opened_by=row.opened_by,
        cohort=said_or_none(row.cohort),
    )
