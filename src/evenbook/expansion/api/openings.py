"""Openings for programs: listing and reading them, opening one, moving it on, giving it on, releasing it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.expansion.actions.opening import Wanted, open_for
from evenbook.expansion.actions.working import give, move, release
from evenbook.expansion.queries.clock import clock_now
from evenbook.expansion.queries.openings import (
    EventRow,
    OpeningRow,
    OpeningsWanted,
    events_of,
    how_many_openings,
    opening,
    openings,
)
from evenbook.expansion.rules.moving import Move
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Body, Line, Shape, instant, major, said_or_none

router = Router("Expansion")
Role = Literal["implementation", "support", "csm", "other"]
Source = Literal["account", "ticket", "call", "artifact", "hot_sheet", "list", "review", "product", "mail"]
Wants = Literal["expansion", "meeting"]
Number = Field(ge=1, le=2**31)


class OpeningsAsked(Paged):
    """Which openings."""

    state: Literal["open", "late", "held", "opened", "answered", "talks", "won", "lost", "dropped"] | None = (
        None
    )
    role: Literal[Role, "prompt", "cadence", "review"] | None = None
    source: Source | None = None
    product: Line = ""
    owner: Line = Field("", description="The closer's key, or `nobody`.")


class OpeningOut(Shape):
    """An opening as it stands."""

    id: int
    account: str
    account_name: str
    state: str
    wants: str
    product: str | None
    opener_role: str = Field(description="implementation, support, csm, other; prompt, cadence, review.")
    is_human: bool = Field(description="Whether one of us opened it.")
    source: str
    about: str | None
    note: str | None
    contact: str | None
    opened_by_name: str
    opened_at: datetime
    owner: str | None = Field(description="Who takes it to yes or no.")
    owner_name: str | None
    routed: str = Field(description="Why it is theirs.")
    is_held: bool = Field(description="Whether nobody reaches out because the account is being saved.")
    answer_due_on: date
    is_late: bool
    answered_at: datetime | None
    closed_at: datetime | None
    amount: float | None = Field(description="What it brings a year.")
    currency: str | None
    reason: str | None
    may_work: bool


class OpeningEventOut(Shape):
    """One thing that became of an opening."""

    kind: str
    at: datetime
    by_name: str
    owner_name: str | None
    amount: float | None
    currency: str | None
    reason: str | None


class WholeOpening(OpeningOut):
    """An opening with what became of it, oldest first."""

    events: list[OpeningEventOut]


class Openings(Page):
    """Openings, those that wait for a first answer first."""

    items: list[OpeningOut]
    total: int


class NewOpening(Body):
    """What one of us saw at an account; sent again under its key it is the same opening."""

    account: str = Field(max_length=80, pattern=NO_NULL, description="Its key.")
    key: str = Field(min_length=1, max_length=200, pattern=NO_NULL, description="A random UUID.")
    role: Role
    source: Source = "account"
    product: str = Field("", max_length=120, pattern=NO_NULL)
    note: str = Field("", max_length=500, pattern=NO_NULL)
    contact: str = Field("", max_length=200, pattern=NO_NULL)
    about: str = Field("", max_length=320, pattern=NO_NULL, description="What it was seen in.")
    wants: Wants = "expansion"


class OpeningMove(Body):
    """To which state an opening moves. What is won has an amount a year, what is lost or dropped a reason."""

    opening: int = Number
    to: Literal["answered", "talks", "won", "lost", "dropped"]
    amount: float | None = Field(None, ge=0, le=10**12, description="In major units.")
    currency: str = Field("", max_length=3, pattern=NO_NULL)
    reason: str = Field("", max_length=300, pattern=NO_NULL)


class OpeningGiven(Body):
    """Who takes an opening to yes or no from now on."""

    opening: int = Number
    person: str = Field(max_length=80, pattern=NO_NULL, description="Their key.")
    reason: str = Field(max_length=300, pattern=NO_NULL)


class OpeningReleased(Body):
    """Why outreach begins though the account is on the hot sheet."""

    opening: int = Number
    reason: str = Field(max_length=300, pattern=NO_NULL)


@router.reads("/expansion/openings", Openings)
def list_openings(request: HttpRequest, asked: Query[OpeningsAsked]) -> Openings:
    """List the openings that you may see."""
    viewer = asking(request)
    clock = clock_now(viewer, timezone.now())
    wanted = OpeningsWanted(
        state=asked.state or "",
        role=asked.role or "",
        source=asked.source or "",
        product=asked.product,
        owner=asked.owner,
    )
    total = how_many_openings(viewer, clock, wanted=wanted)
    place = Place.of(request, asked, basis=total)
    rows = openings(viewer, clock, wanted=wanted, offset=place.offset, limit=place.more)
    return Openings(items=[_out(each) for each in place.cut(rows)], next=place.next(rows), total=total)


@router.reads("/expansion/openings/{int:number}", WholeOpening)
def get_opening(request: HttpRequest, number: int) -> WholeOpening:
    """Return one opening with what became of it."""
    return _whole(asking(request), number)


@router.writes("POST", "/expansion/openings", WholeOpening)
def open_expansion(request: HttpRequest, given: NewOpening) -> WholeOpening:
    """Open an expansion at an account: it goes at once to the one who closes."""
    viewer = asking(request)
    said = given.model_dump(exclude={"account", "key"})
    opened = open_for(given.account, Wanted(**said), key=given.key, by=viewer, now=timezone.now())
    return _whole(viewer, opened.id)


@router.writes("POST", "/expansion/move", WholeOpening)
def move_opening(request: HttpRequest, given: OpeningMove) -> WholeOpening:
    """Move an opening on: answered, in talks, won, lost or dropped. For its owner, leaders and operations."""
    viewer = asking(request)
    cents = None if given.amount is None else round(given.amount * 100)
    wanted = Move(given.to, cents, given.currency, given.reason)
    move(given.opening, wanted, by=viewer, now=timezone.now())
    return _whole(viewer, given.opening)


@router.writes("POST", "/expansion/give", WholeOpening)
def give_opening(request: HttpRequest, given: OpeningGiven) -> WholeOpening:
    """Give an opening to another closer. For leaders and operations."""
    viewer = asking(request)
    give(given.opening, given.person, given.reason, by=viewer, now=timezone.now())
    return _whole(viewer, given.opening)


@router.writes("POST", "/expansion/release", WholeOpening)
def release_opening(request: HttpRequest, given: OpeningReleased) -> WholeOpening:
    """Let outreach begin though the account is still being saved. For leaders and operations."""
    viewer = asking(request)
    release(given.opening, given.reason, by=viewer, now=timezone.now())
    return _whole(viewer, given.opening)


def _whole(viewer: Viewer, number: int) -> WholeOpening:
    found = opening(viewer, clock_now(viewer, timezone.now()), number) if number < 2**62 else None
    if found is None:
        raise Http404
    events = [_event(each) for each in events_of(viewer, number)]
    return WholeOpening(**_out(found).model_dump(), events=events)


def _event(each: EventRow) -> OpeningEventOut:
    return OpeningEventOut(
        kind=each.kind,
        at=each.at,
        by_name=each.by,
        owner_name=said_or_none(each.owner_name),
        amount=major(each.amount_cents),
        currency=said_or_none(each.currency),
        reason=said_or_none(each.reason),
    )


def _out(row: OpeningRow) -> OpeningOut:
    return OpeningOut(
        id=row.id,
        account=row.account_key,
        account_name=row.account_name,
        state=row.state,
        wants=row.wants,
        product=said_or_none(row.product),
        opener_role=row.role,
        is_human=row.is_human,
        source=row.source,
        about=said_or_none(row.about),
        note=said_or_none(row.note),
        contact=said_or_none(row.contact),
        opened_by_name=row.opened_by,
        opened_at=row.opened_at,
        owner=said_or_none(row.owner_key),
        owner_name=said_or_none(row.owner_name),
        routed=row.routed,
        is_held=row.is_held,
        answer_due_on=row.due_on,
        is_late=row.is_late,
        answered_at=instant(row.answered_at),
        closed_at=instant(row.closed_at),
        amount=major(row.amount_cents),
        currency=said_or_none(row.currency),
        reason=said_or_none(row.reason),
        may_work=row.may_work,
    )
