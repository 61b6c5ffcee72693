"""Who asks, who signs in, and the tokens of programs, for programs."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema

from evenbook.people.actions import end_token
from evenbook.people.adding import PREFIX, add_person, make_token_until
from evenbook.people.asking import asking
from evenbook.people.listings import TokenLine, teams, tokens
from evenbook.people.queries import SignsIn, users
from evenbook.people.trail import Entry, Wanted, trail
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import NO_NULL, AnyJson, Body, Day, Line, Shape, day_of, instant, said_or_none

router = Router("People who sign in, and tokens")
Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=NO_NULL)]
Role = Literal["executive", "leader", "csm", "operations", "reader"]
Scope = Literal["read", "write", "import", "policy", "people"]
DayInBody = Annotated[date, BeforeValidator(day_of), WithJsonSchema({"type": "string", "format": "date"})]


class MeOut(Shape):
    """Who asks: a person or a token, and what it may do."""

    user_name: str
    role: str
    surface: str
    scopes: list[str] | None = Field(description="Of a token; null for a person.")
    token: int | None
    may_write: bool


class UserOut(Shape):
    """Somebody who is known here."""

    mail: str
    user_name: str
    role: str
    team: str | None
    signs_in: bool = Field(description="Whether they are active and have a password.")


class Users(Page):
    """People, by role and name."""

    items: list[UserOut]
    total: int


class NewUser(Body):
    """Somebody to add; who has the address already is brought to this name, role and team."""

    mail: Annotated[str, StringConstraints(min_length=3, max_length=254, pattern=NO_NULL)]
    name: Name
    role: Role
    team: Annotated[str, StringConstraints(max_length=120, pattern=NO_NULL)] = ""


class TeamOut(Shape):
    """A team, and the one above it."""

    team: str
    parent: str | None


class Teams(Page):
    """Teams, by name."""

    items: list[TeamOut]


class TokenOut(Shape):
    """A token without its secret."""

    token: int
    token_name: str
    beginning: str
    role: str
    team: str | None
    scopes: list[str]
    made_by_name: str | None
    made_at: datetime | None
    expires_at: datetime | None
    ended_at: datetime | None
    used_at: datetime | None


class Tokens(Page):
    """Tokens, those made last first."""

    items: list[TokenOut]
    total: int


class NewTokenBody(Body):
    """A token to make."""

    name: Name = Field(description="What uses it.")
    role: Role = Field(description="What it sees; the scopes narrow it.")
    scopes: list[Scope] = Field(min_length=1, max_length=5)
    expires_on: DayInBody = Field(description="The last day of its life, a year ahead at the most.")
    team: Annotated[str, StringConstraints(max_length=120, pattern=NO_NULL)] = ""


class MadeToken(Shape):
    """A token that was made. Its secret is shown here and never again."""

    token: int
    token_name: str
    secret: str


class TrailAsked(Paged):
    """Which entries of the audit trail; what is left out means any."""

    who: Line = Field("", description="`user:7`, `token:3`, a mail address, or `evenbook` for the product.")
    what: Line = Field("", description="A kind of entry, such as policy.adopted.")
    thing: Line = Field("", description="The id of a thing, or a part of its name.")
    surface: Literal["", "page", "api", "command", "work"] = ""
    since: Day | None = Field(None, description="From this day on, in UTC.")
    until: Day | None = Field(None, description="Up to this day, in UTC.")


class EntryOut(Shape):
    """Who did what to what, and through which surface."""

    entry: int
    at: datetime | None
    by: int | None
    by_name: str
    token: int | None
    surface: str
    what: str
    thing: str
    thing_kind: str
    thing_name: str | None
    before: AnyJson = Field(description="The values that were changed, as they were; null for something new.")
    after: AnyJson = Field(description="The same values afterwards; null for something that is gone.")
    rows: int


class Trail(Page):
    """Entries of the audit trail, the newest first."""

    items: list[EntryOut]


@router.reads("/me", MeOut)
def get_me(request: HttpRequest) -> MeOut:
    """Say who asks, and what they may do."""
    viewer = asking(request)
    return MeOut(
        user_name=viewer.name,
        role=viewer.role,
        surface=viewer.surface,
        scopes=None if viewer.scopes is None else sorted(viewer.scopes),
        token=viewer.token_id,
        may_write=viewer.may_write,
    )


@router.reads("/users", Users)
def list_users(request: HttpRequest, asked: Query[Paged]) -> Users:
    """List the people who sign in."""
    found = users(asking(request))
    place = Place.of(request, asked)
    rows = place.within(found)
    return Users(items=[_user(each) for each in place.cut(rows)], next=place.next(rows), total=len(found))


@router.writes("POST", "/users", UserOut, status=201, scope="people")
def add_a_user(request: HttpRequest, user: NewUser) -> UserOut:
    """Add somebody, or bring them to this name, role and team. They sign in once a password is set."""
    made = add_person(
        asking(request), mail=user.mail.strip(), name=user.name, role=user.role, team=user.team,
        now=timezone.now(),
    )  # fmt: skip
    return _user(made)


@router.reads("/teams", Teams)
def list_teams(request: HttpRequest, asked: Query[Paged]) -> Teams:
    """List the teams, each with the one above it."""
    place = Place.of(request, asked)
    rows = place.within(teams(asking(request)))
    items = [TeamOut(team=each.name, parent=said_or_none(each.parent)) for each in place.cut(rows)]
    return Teams(items=items, next=place.next(rows))


@router.reads("/tokens", Tokens, scope="people")
def list_tokens(request: HttpRequest, asked: Query[Paged]) -> Tokens:
    """List the tokens of programs, those made last first."""
    found = tokens(asking(request))
    place = Place.of(request, asked)
    rows = place.within(found)
    return Tokens(items=[_token(each) for each in place.cut(rows)], next=place.next(rows), total=len(found))


@router.writes("POST", "/tokens", MadeToken, status=201, scope="people", keeps_answer=False)
def make_a_token(request: HttpRequest, token: NewTokenBody) -> MadeToken:
    """Make a token. Its secret stands in the answer and is kept nowhere."""
    secret = f"{PREFIX}{secrets.token_urlsafe(32)}"
    made = make_token_until(
        asking(request), name=token.name, role=token.role, scopes=list(token.scopes), team=token.team,
        expires_on=token.expires_on, secret=secret, now=timezone.now(),
    )  # fmt: skip
    return MadeToken(token=made, token_name=token.name.strip(), secret=secret)


@router.writes("DELETE", "/tokens/{int:token}", None, status=204, scope="people", takes="")
def end_a_token(request: HttpRequest, token: int) -> None:
    """End a token; ending it again changes nothing."""
    if not end_token(asking(request), token, now=timezone.now()):
        raise NothingHere("There is no such token.", fix="See /api/v1/tokens.")


@router.reads("/audit", Trail, scope="people")
def read_the_trail(request: HttpRequest, asked: Query[TrailAsked]) -> Trail:
    """Read the audit trail: who changed what, and who took which file away. For operations."""
    place = Place.of(request, asked)
    found = trail(asking(request), _wanted(asked), limit=place.limit, before=place.offset or None)
    following = None if found.older is None else place.on(found.older)
    return Trail(items=[_entry(each) for each in found.entries], next=following)


def _wanted(asked: TrailAsked) -> Wanted:
    return Wanted(
        who=asked.who,
        what=asked.what,
        thing=asked.thing,
        surface=asked.surface,
        since=_start(asked.since) if asked.since else None,
        until=_start(asked.until + timedelta(days=1)) if asked.until and asked.until < date.max else None,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _entry(each: Entry) -> EntryOut:
    said: dict[str, Any] = {
        name: getattr(each, name)
        for name in ("by_name", "surface", "what", "thing_kind", "before", "after", "rows")
    }
    return EntryOut(
        entry=each.id,
        at=instant(each.at),
        by=each.by_user,
        token=each.by_token,
        thing=each.thing_id,
        thing_name=said_or_none(each.thing_name),
        **said,
    )


def _user(each: SignsIn) -> UserOut:
    return UserOut(
        mail=each.mail, user_name=each.name, role=each.role, team=said_or_none(each.team),
        signs_in=each.signs_in,
    )  # fmt: skip


def _token(each: TokenLine) -> TokenOut:
    return TokenOut(
        token=each.id,
        token_name=each.name,
        beginning=each.beginning,
        role=each.role,
        team=said_or_none(each.team),
        scopes=list(each.scopes),
        made_by_name=said_or_none(each.made_by_name),
        made_at=instant(each.made_at),
        expires_at=instant(each.expires_at),
        ended_at=instant(each.ended_at),
        used_at=instant(each.used_at),
    )
