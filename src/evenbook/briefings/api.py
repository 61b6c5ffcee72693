"""Handoffs for programs: list them, announce one, confirm what is received, take the pack away."""

from __future__ import annotations

from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.briefings.actions.announcing import announce, call_off, redirect
from evenbook.briefings.actions.confirming import confirm, confirm_all, take_back, write_note
from evenbook.briefings.files import FORMATS, found, paper
from evenbook.briefings.queries.handoffs import HandoffRow, handoffs, how_many_handoffs, median_days
from evenbook.briefings.queries.passing import Passed, PassingWanted, how_many_passing, passed, passing
from evenbook.briefings.queries.plans import HandoffRefused, HandoffWanted
from evenbook.briefings.rules.window import REASONS
from evenbook.people.asking import asking
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, Asked, Body, Line, Shape, instant, said_or_none
from evenbook.runs.queries import week
from evenbook.screens.exports import TakenAway, taken

router = Router("Handoffs")
LONGEST_KEY = 80
MOST_APART = 5_000


class HandoffOut(Shape):
    """A handoff: who hands their book to whom, and how much of it is confirmed."""

    id: int
    giver: str
    giver_name: str
    receiver: str
    receiver_name: str
    reason: str
    first_on: date
    back_on: date | None
    asks: str = Field(description="transfer_briefs, or cover_note for a short leave.")
    state: str = Field(description="under_way, done or called_off.")
    accounts: int
    confirmed: int
    announced_at: datetime
    days: int | None = Field(description="From the announcement to the last confirmation.")
    note: str | None


class Handoffs(Page):
    """A page of handoffs, those under way first."""

    items: list[HandoffOut]
    total: int
    median_days: float | None = Field(description="Of the last handoffs that are done.")


class HandedOut(Shape):
    """An account of a handoff and where it stands."""

    account: str
    account_name: str
    receiver: str
    receiver_name: str
    role: str = Field(description="What passes on: `owner`, or another role on the account.")
    standing: str = Field(description="confirmed, ready, waits, elsewhere or called_off.")
    loop: str | None = Field(description="The loop that asks for its transfer brief.")
    confirmed_at: datetime | None


class Handed(Page):
    """A page of the accounts of a handoff, what is not confirmed first."""

    items: list[HandedOut]
    total: int


class Announcing(Body):
    """A handoff to announce; people and accounts by their keys."""

    giver: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    reason: str = Field(max_length=20, pattern=NO_NULL, description=f"One of {', '.join(REASONS)}.")
    first_on: str = Field(max_length=10, pattern=NO_NULL, description="The first day away, as 2026-03-09.")
    back_on: str = Field("", max_length=10, pattern=NO_NULL, description="Of a leave: the day back.")
    receiver: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    receivers: dict[Line, Line] = Field(
        default_factory=dict,
        max_length=MOST_APART,
        description="For single accounts who receives them in the place of `receiver`.",
    )


class Confirming(Body):
    """What is confirmed, or taken back."""

    account: str = Field(
        "",
        max_length=LONGEST_KEY,
        pattern=NO_NULL,
        description="The account; empty for all that a cover note hands to you.",
    )
    undo: bool = Field(False, description="Take the confirmation of the account back.")


class Redirecting(Body):
    """An account and who receives it from now on."""

    account: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)
    receiver: str = Field(max_length=LONGEST_KEY, pattern=NO_NULL)


class Noting(Body):
    """A cover note."""

    note: str = Field(max_length=20_000, pattern=NO_NULL)


class HandedAsked(Paged):
    """Which accounts of a handoff."""

    receiver: Line = Field("", description="A person's key.")
    status: Line = Field("", description="`confirmed` or `open`; empty for both.")


class PackAsked(Asked):
    """Which paper of a handoff."""

    format: Line = Field("pdf", description=f"One of {', '.join(FORMATS)}.")
    account: Line = Field("", description="An account's key: its transfer brief alone.")


@router.reads("/handoffs", Handoffs)
def list_handoffs(request: HttpRequest, asked: Query[Paged]) -> Handoffs:
    """List handoffs, those under way first."""
    viewer = asking(request)
    place = Place.of(request, asked)
    rows = handoffs(viewer, offset=place.offset, limit=place.more)
    return Handoffs(
        items=[_handoff(each) for each in place.cut(rows)],
        next=place.next(rows),
        total=how_many_handoffs(viewer),
        median_days=median_days(viewer),
    )


@router.reads("/handoffs/{int:number}", HandoffOut)
def get_handoff(request: HttpRequest, number: int) -> HandoffOut:
    """Give one handoff."""
    return _handoff(found(asking(request), number))


@router.reads("/handoffs/{int:number}/accounts", Handed)
def list_handed_accounts(request: HttpRequest, number: int, asked: Query[HandedAsked]) -> Handed:
    """List the accounts of a handoff, what is not confirmed first."""
    viewer = asking(request)
    shown = found(viewer, number)
    place = Place.of(request, asked, basis=shown.confirmed)
    wanted = PassingWanted(receiver=asked.receiver, status=asked.status)
    rows = passing(viewer, shown, wanted, offset=place.offset, limit=place.more)
    stands = passed(viewer, week(viewer), shown, place.cut(rows), now=timezone.now())
    return Handed(
        items=[_handed(each) for each in stands],
        next=place.next(rows),
        total=how_many_passing(viewer, shown, wanted),
    )


@router.writes("POST", "/handoffs", HandoffOut, status=201)
def announce_handoff(request: HttpRequest, given: Announcing) -> HandoffOut:
    """Announce a handoff of what somebody owns now. No account gets another owner by it."""
    viewer = asking(request)
    wanted = HandoffWanted(
        giver=given.giver,
        reason=given.reason,
        first_on=_day(given.first_on),
        back_on=_day(given.back_on) if given.back_on else None,
        receiver=given.receiver,
        receivers=given.receivers,
    )
    return _handoff(found(viewer, announce(wanted, by=viewer, now=timezone.now())))


@router.writes("POST", "/handoffs/{int:number}/confirm", HandoffOut)
def confirm_handoff(request: HttpRequest, number: int, given: Confirming) -> HandoffOut:
    """Confirm an account that you receive, or take that back."""
    viewer, now = asking(request), timezone.now()
    if not given.account:
        confirm_all(number, by=viewer, now=now)
    else:
        (take_back if given.undo else confirm)(number, given.account, by=viewer, now=now)
    return _handoff(found(viewer, number))


@router.writes("POST", "/handoffs/{int:number}/receiver", HandoffOut)
def redirect_account(request: HttpRequest, number: int, given: Redirecting) -> HandoffOut:
    """Let somebody else receive one account of a handoff."""
    viewer = asking(request)
    redirect(number, given.account, given.receiver, by=viewer, now=timezone.now())
    return _handoff(found(viewer, number))


@router.writes("POST", "/handoffs/{int:number}/note", HandoffOut)
def write_cover_note(request: HttpRequest, number: int, given: Noting) -> HandoffOut:
    """Write the cover note of a short leave."""
    viewer = asking(request)
    write_note(number, given.note, by=viewer, now=timezone.now())
    return _handoff(found(viewer, number))


@router.writes("POST", "/handoffs/{int:number}/call-off", HandoffOut, takes="")
def call_off_handoff(request: HttpRequest, number: int) -> HandoffOut:
    """Call a handoff off: open briefs are withdrawn, and a leave that it wrote goes."""
    viewer = asking(request)
    call_off(number, by=viewer, now=timezone.now())
    return _handoff(found(viewer, number))


@router.gives_file("/handoffs/{int:number}/pack", [media_type for media_type, _ in FORMATS.values()])
def take_pack(request: HttpRequest, number: int, asked: Query[PackAsked]) -> HttpResponse:
    """Give the pack of a handoff, or one transfer brief of it, as a file; that it was taken is recorded."""
    viewer = asking(request)
    found(viewer, number)
    made = paper(viewer, number, account=asked.account, now=timezone.now())
    written = made.written(asked.format)
    response = HttpResponse(written, content_type=FORMATS[asked.format][0])
    response["Content-Disposition"] = f'attachment; filename="{made.name}.{asked.format}"'
    return taken(response, TakenAway(made.name, asked.format, made.accounts))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise HandoffRefused(f"'{text}' is not a day.", fix="Write it as 2026-03-09.") from None


def _handoff(row: HandoffRow) -> HandoffOut:
    return HandoffOut(
        id=row.id,
        giver=row.giver_key,
        giver_name=row.giver_name,
        receiver=row.receiver_key,
        receiver_name=row.receiver_name,
        reason=row.reason,
        first_on=row.first_on,
        back_on=row.back_on,
        asks=row.asks,
        state=row.state,
        accounts=row.accounts,
        confirmed=row.confirmed,
        announced_at=instant(row.announced_at) or row.announced_at,
        days=row.days,
        note=said_or_none(row.note),
    )


def _handed(row: Passed) -> HandedOut:
    return HandedOut(
        account=row.of.account_key,
        account_name=row.of.account_name,
        receiver=row.of.receiver_key,
        receiver_name=row.of.receiver_name,
        role=row.of.role,
        standing=row.standing,
        loop=row.loop.key if row.loop else None,
        confirmed_at=instant(row.of.confirmed_at),
    )
