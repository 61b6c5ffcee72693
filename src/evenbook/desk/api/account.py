"""One account and what happened there, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query
from pydantic import Field

from evenbook.book.queries import AccountFacts, ContactRow, ContractRow, Movement
from evenbook.capacity.queries.roles import RoleHeld
from evenbook.desk.api.accounts import AccountOut, account_out
from evenbook.desk.queries.account import AccountPage, account_facts, account_page, moments_of
from evenbook.desk.queries.accounts import ListedAccount
from evenbook.people.asking import asking
from evenbook.people.viewer import Viewer
from evenbook.rest.paging import Page, Paged, Place
from evenbook.rest.problems import NothingHere
from evenbook.rest.router import Router
from evenbook.rest.shapes import AnyJson, AsOf, Line, Shape, instant, major, said_or_none
from evenbook.runs.asked import week_asked
from evenbook.runs.queries import Week

router = Router("Accounts")


class OneAsked(AsOf):
    """As of which day, and which fields."""

    fields: Line = Field("", description="Names of fields, separated by commas: only these are given.")


class Points(Shape):
    """Points taken off a health score, or given on the hot sheet, and why."""

    term: str
    points: float
    text: str


class NeedOfAccount(Shape):
    """An artifact that the tier requires."""

    requirement: str
    status: str
    on: date | None


class FactorOut(Shape):
    """A factor of the effort: the base hours times all multipliers is the effort."""

    factor: str
    level: str
    multiplier: float
    cause: str


class RoleHeldOut(Shape):
    """A role on the account besides its owner's: who has it, and what it takes of the effort."""

    role: str
    role_name: str
    holder: str = Field(description="A person's key, or `pool:` and a pool's key.")
    holder_name: str
    works: bool = Field(description="Whether it is the role of the account's stage.")
    hours: float = Field(description="Hours a month.")


class SignalOut(Shape):
    """A dated change worth a look, with its evidence."""

    signal: str
    observed_at: datetime | None
    detected_on: date
    strength: float
    text: str
    evidence: dict[str, AnyJson]


class StateChange(Shape):
    """A change of state."""

    on: date
    from_state: str | None
    to_state: str
    causes: list[str]


class ContactOut(Shape):
    """A person on the customer's side."""

    name: str
    title: str | None
    role: str | None
    mail: str | None
    is_champion: bool
    left_at: datetime | None


class ContractOut(Shape):
    """A contract as it stands now."""

    product: str | None
    starts_on: date | None
    ends_on: date | None
    renews_on: date | None
    arr: float | None
    currency: str | None
    seats: int | None
    renewed_at: datetime | None
    lost_at: datetime | None


class MovementOut(Shape):
    """A change of yearly recurring revenue; together they are the revenue."""

    happened_at: datetime | None
    kind: str
    change: float | None
    currency: str
    assumed: bool


class MeetingOut(Shape):
    """A meeting that is booked."""

    at: datetime | None
    kind: str
    subject: str | None
    person_name: str | None


class OneAccount(Shape):
    """An account with all that its page shows; ``week`` is null before the first weekly run has it."""

    account: str
    account_name: str
    domain: str | None
    parent_name: str | None
    started_at: datetime | None
    known_at: datetime | None
    custom: dict[str, AnyJson]
    as_of: date | None
    policy_version: int | None
    week: AccountOut | None
    health_terms: list[Points]
    health_score_before: float | None
    requirements: list[NeedOfAccount]
    factors: list[FactorOut]
    roles: list[RoleHeldOut]
    signals: list[SignalOut]
    hot_rank: int | None
    hot_points: float | None
    hot_reasons: list[Points]
    transitions: list[StateChange]
    contacts: list[ContactOut]
    contracts: list[ContractOut]
    movements: list[MovementOut]
    next_meeting: MeetingOut | None


class TimelineAsked(Paged):
    """Which moments."""

    show: Literal["interaction", "ticket", "artifact", "state", "book", "score", "opportunity"] | None = (
        Field(None, description="One kind; else everything.")
    )


class MomentOut(Shape):
    """One dated line of an account's history."""

    at: datetime | None
    kind: str
    title: str
    detail: str | None
    assumed: bool


class TimelineOut(Page):
    """Moments of an account, the newest first."""

    items: list[MomentOut]
    account: str
    account_name: str
    total: int


@router.reads("/accounts/{account}", OneAccount)
def get_account(request: HttpRequest, account: str, asked: Query[OneAsked]) -> OneAccount:
    """Give an account: where it stands and why, what it needs, what it takes, who is there."""
    viewer = asking(request)
    facts = facts_of(viewer, account)
    shown = week_asked(viewer, asked.as_of)
    return _one(account_page(viewer, facts, shown, now=timezone.now()), shown)


@router.reads("/accounts/{account}/timeline", TimelineOut)
def list_timeline(request: HttpRequest, account: str, asked: Query[TimelineAsked]) -> TimelineOut:
    """List what happened at an account, the newest first."""
    viewer = asking(request)
    facts = facts_of(viewer, account)
    place = Place.of(request, asked)
    found = moments_of(viewer, facts.id, show=asked.show or "", offset=place.offset, limit=place.more)
    items = [
        MomentOut(
            at=instant(each.at),
            kind=each.kind,
            title=each.title,
            detail=said_or_none(each.detail),
            assumed=each.assumed,
        )
        for each in place.cut(found.newest)
    ]
    return TimelineOut(
        items=items, next=place.next(found.newest), account=facts.key, account_name=facts.name,
        total=found.total,
    )  # fmt: skip


def facts_of(viewer: Viewer, key: str) -> AccountFacts:
    """Return an account that the viewer may open.

    Raises:
        NothingHere: there is none, or it was merged into another.
    """
    facts = account_facts(viewer, key)
    if facts is None:
        raise NothingHere("There is no such account, or none that you may open.", fix="See /api/v1/accounts.")
    if facts.merged_into_key:
        raise NothingHere("This account was merged.", fix=f"Ask for {facts.merged_into_key}.")
    return facts


def _one(page: AccountPage, shown: Week) -> OneAccount:
    facts, stands, hot = page.facts, page.stands, page.hot
    return OneAccount(
        account=facts.key,
        account_name=facts.name,
        domain=said_or_none(facts.domain),
        parent_name=said_or_none(facts.parent_name),
        started_at=instant(facts.started_at),
        known_at=instant(facts.known_at),
        custom=facts.custom,
        as_of=shown.run.as_of,
        policy_version=shown.run.policy_version,
        week=account_out(ListedAccount(page.row, stands, page.needs), shown) if page.row else None,
        health_terms=[_points(each.term, each) for each in stands.terms] if stands else [],
        health_score_before=page.score_before,
        requirements=[
            NeedOfAccount(requirement=each.kind, status=each.status, on=each.on) for each in page.needs
        ],
        factors=[FactorOut(**vars(each)) for each in page.factors],
        roles=[_role(each) for each in page.roles],
        hot_rank=hot.rank if hot else None,
        hot_points=hot.points if hot else None,
        hot_reasons=[_points(each.signal, each) for each in hot.reasons] if hot else [],
        **_past(page),
    )


def _role(each: RoleHeld) -> RoleHeldOut:
    return RoleHeldOut(
        role=each.role,
        role_name=each.title,
        holder=each.holder_key,
        holder_name=each.name,
        works=each.works,
        hours=each.hours,
    )


def _past(page: AccountPage) -> dict[str, Any]:
    meeting = page.next_meeting
    return {
        "signals": [
            SignalOut(
                signal=each.kind,
                observed_at=instant(each.observed_at),
                detected_on=each.detected_on,
                strength=each.strength,
                text=each.text,
                evidence=dict(each.evidence),
            )
            for each in page.signals
        ],
        "transitions": [
            StateChange(
                on=each.on,
                from_state=said_or_none(each.from_state),
                to_state=each.to_state,
                causes=list(each.causes),
            )
            for each in page.changes
        ],
        "contacts": [_contact(each) for each in page.contacts],
        "contracts": [_contract(each) for each in page.contracts],
        "movements": [_movement(each) for each in page.movements],
        "next_meeting": MeetingOut(
            at=instant(meeting.at),
            kind=meeting.kind,
            subject=said_or_none(meeting.subject),
            person_name=said_or_none(meeting.person_name),
        )
        if meeting
        else None,
    }


def _points(term: str, each: Any) -> Points:
    return Points(term=term, points=each.points, text=each.text)


def _contact(each: ContactRow) -> ContactOut:
    return ContactOut(
        name=each.name,
        title=said_or_none(each.title),
        role=said_or_none(each.role),
        mail=said_or_none(each.mail),
        is_champion=each.is_champion,
        left_at=instant(each.left_at),
    )


def _contract(each: ContractRow) -> ContractOut:
    return ContractOut(
        product=said_or_none(each.product),
        starts_on=each.starts_on,
        ends_on=each.ends_on,
        renews_on=each.renews_on,
        arr=major(each.arr_cents),
        currency=said_or_none(each.currency),
        seats=each.seats,
        renewed_at=instant(each.renewed_at),
        lost_at=instant(each.lost_at),
    )


def _movement(each: Movement) -> MovementOut:
    return MovementOut(
        happened_at=instant(each.happened_at),
        kind=each.kind,
        change=major(each.change_cents),
        currency=each.currency,
        assumed=each.assumed,
    )
