"""Openings as a viewer may see them: at accounts that they open, those that they close or opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, IntegerField, Q, QuerySet, When

from evenbook.book.access import answers_for, narrowed, person_of
from evenbook.expansion.models import Opening, OpeningEvent
from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.answering import Calendar, due_on
from evenbook.expansion.rules.moving import CALLED, ENDS, HUMAN
from evenbook.expansion.rules.pipeline import Fact, Happened
from evenbook.people.viewer import Viewer
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy

OPEN = "open"
LATE = "late"
HELD = "held"
SHOWN = {OPEN: "Under way", LATE: "Late", HELD: "Held", **CALLED}
ROLES = dict(Opening.Role.choices)
SOURCES = dict(Opening.Source.choices)
WANTS = dict(Opening.Wants.choices)
EVENTS = dict(OpeningEvent.Kind.choices)
FIELDS = (
    "pk", "account_id", "account__key", "account__name", "role", "source", "wants", "product", "note",
    "contact", "about", "opened_by", "opened_at", "owner_id", "owner__key", "owner__name", "routed", "state",
    "held_at", "released_at", "answered_at", "closed_at", "amount_cents", "currency", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class OpeningRow:
    """An opening as it stands; money in minor units. ``due_on`` is the last day for a first answer."""

    id: int
    account_id: int
    account_key: str
    account_name: str
    role: str
    source: str
    wants: str
    product: str
    note: str
    contact: str
    about: str
    opened_by: str
    opened_at: datetime
    owner_id: int | None
    owner_key: str
    owner_name: str
    routed: str
    state: str
    held_at: datetime | None
    released_at: datetime | None
    answered_at: datetime | None
    closed_at: datetime | None
    amount_cents: int | None
    currency: str
    reason: str
    due_on: date
    is_late: bool
    may_work: bool
    may_lead: bool

    @property
    def is_held(self) -> bool:
        """Whether nobody reaches out because the account is being saved."""
        return self.held_at is not None and self.released_at is None and not self.has_ended

    @property
    def has_ended(self) -> bool:
        """Whether it is won, lost or dropped."""
        return self.state in ENDS

    @property
    def state_name(self) -> str:
        """How it stands, in words."""
        return CALLED[self.state]

    @property
    def role_name(self) -> str:
        """Who opened it, in words."""
        return ROLES[self.role]

    @property
    def source_name(self) -> str:
        """Where it was opened, in words."""
        return SOURCES[self.source]

    @property
    def wants_name(self) -> str:
        """What the customer wants, in words."""
        return self.product or WANTS[self.wants]

    @property
    def is_human(self) -> bool:
        """Whether one of us opened it."""
        return self.role in HUMAN


@dataclass(frozen=True)
class EventRow:
    """One thing that became of an opening."""

    kind: str
    at: datetime
    by: str
    owner_name: str
    amount_cents: int | None
    currency: str
    reason: str

    @property
    def title(self) -> str:
        """What happened, in words."""
        return EVENTS[self.kind]


@dataclass(frozen=True)
class OpeningsWanted:
    """Which openings; empty means any. ``state`` is one of ``SHOWN``."""

    state: str = ""
    role: str = ""
    source: str = ""
    product: str = ""
    owner: str = ""
    account_id: int | None = None


@dataclass(frozen=True)
class Clock:
    """By what openings are late: the policy's days, the days that are worked, and today."""

    policy: Policy
    today: date

    @property
    def calendar(self) -> Calendar:
        """The weekdays that the organization works; a customer does not wait for our holidays."""
        return Calendar(self.policy.of(OrganizationNumbers).working_days)

    def due(self, from_on: date) -> date:
        """Return the last day for a first answer to what waits from a day on."""
        return due_on(from_on, self.policy.of(ExpansionNumbers), self.calendar)


def openings(
    viewer: Viewer,
    clock: Clock,
    *,
    wanted: OpeningsWanted,
    offset: int = 0,
    limit: int | None = None,
) -> tuple[OpeningRow, ...]:
    """Return openings: those that wait for a first answer first, the longest wait at the top, ends last."""
    first = Case(
        When(state="opened", held_at=None, then=0),
        When(state="opened", released_at__isnull=False, then=0),
        When(state="opened", then=1),
        When(state__in=["answered", "talks"], then=2),
        default=3,
        output_field=IntegerField(),
    )
    rows = _wanted(viewer, clock, wanted).order_by(first, "opened_at", "pk")
    page = rows[offset : None if limit is None else offset + limit].values_list(*FIELDS)
    due = _Due(clock)
    return tuple(_row(viewer, values, due) for values in page)


def how_many_openings(viewer: Viewer, clock: Clock, *, wanted: OpeningsWanted) -> int:
    """Return how many openings are wanted."""
    return _wanted(viewer, clock, wanted).count()


def opening(viewer: Viewer, clock: Clock, number: int) -> OpeningRow | None:
    """Return one opening, None where there is none that the viewer may see."""
    values = visible(viewer).filter(pk=number).values_list(*FIELDS).first()
    return _row(viewer, values, _Due(clock)) if values else None


def events_of(viewer: Viewer, number: int) -> tuple[EventRow, ...]:
    """Return what became of an opening, oldest first, if the viewer may see it."""
    rows = OpeningEvent.objects.filter(opening__in=visible(viewer).filter(pk=number))
    fields = ("kind", "at", "by", "owner__name", "amount_cents", "currency", "reason")
    return tuple(
        EventRow(kind, at, by, owner or "", *rest)
        for kind, at, by, owner, *rest in rows.order_by("at", "pk").values_list(*fields)
    )


def facts(viewer: Viewer, policy: Policy) -> tuple[Fact, ...]:
    """Return all openings that the viewer may see, with their events; amounts are converted."""
    seen = visible(viewer)
    events: dict[int, list[Happened]] = {}
    rates = _rates(policy)
    told = OpeningEvent.objects.filter(opening__in=seen.values("pk")).order_by("at", "pk")
    for number, kind, at, cents, currency in told.values_list(
        "opening_id", "kind", "at", "amount_cents", "currency"
    ):
        amount = None if cents is None else round(cents * rates.get(currency, 1.0))
        events.setdefault(number, []).append(Happened(kind, at, amount))
    fields = ("pk", "account_id", "role", "source", "product", "opened_at", "owner_id", "opener_id")
    rows = seen.order_by("opened_at", "pk").values_list(*fields)
    return tuple(
        Fact(**dict(zip(("id", *fields[1:]), row, strict=True)), events=tuple(events.get(row[0], ())))
        for row in rows
    )


def visible(viewer: Viewer) -> QuerySet[Opening]:
    """Return the openings that the viewer may see."""
    if not viewer.allows("read"):
        return Opening.objects.none()
    if viewer.sees_all:
        return Opening.objects.all()
    here = Q(pk__in=narrowed(Opening.objects.all(), viewer).values("pk"))
    here |= Q(pk__in=narrowed(Opening.objects.all(), viewer, "account__merged_into").values("pk"))
    own = person_of(viewer)
    return Opening.objects.filter(here | Q(owner=own.pk) | Q(opener=own.pk) if own else here)


def of_accounts(viewer: Viewer, accounts: Any) -> Q:
    """Return the condition of openings at accounts, and at those merged into them."""
    return Q(account__in=accounts) | Q(account__merged_into__in=accounts)


def may_work(viewer: Viewer, owner_id: int | None, account_id: int) -> bool:
    """Return whether the viewer takes an opening to yes or no: its owner, leaders, operations."""
    own = person_of(viewer)
    is_owner = own is not None and own.pk == owner_id and viewer.may_write
    return is_owner or may_lead(viewer, account_id)


def may_lead(viewer: Viewer, account_id: int) -> bool:
    """Return whether the viewer says who closes: operations, and leaders who open the account in full."""
    return viewer.role in {"leader", "operations"} and answers_for(viewer, account_id)


class _Due:
    """The last day for a first answer, worked out once a day of opening."""

    def __init__(self, clock: Clock) -> None:
        self.today, self._numbers = clock.today, clock.policy.of(ExpansionNumbers)
        self._calendar, self._known = clock.calendar, dict[date, date]()

    def on(self, from_on: date) -> date:
        if from_on not in self._known:
            self._known[from_on] = due_on(from_on, self._numbers, self._calendar)
        return self._known[from_on]


def _wanted(viewer: Viewer, clock: Clock, wanted: OpeningsWanted) -> QuerySet[Opening]:
    rows = visible(viewer)
    if "\x00" in wanted.product + wanted.owner:
        return rows.none()
    held = Q(held_at__isnull=False, released_at=None)
    if wanted.state == OPEN:
        rows = rows.exclude(state__in=ENDS)
    elif wanted.state == HELD:
        rows = rows.filter(held).exclude(state__in=ENDS)
    elif wanted.state == LATE:
        rows = _late(rows.filter(state="opened").exclude(held), clock)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    given = {"role": wanted.role, "source": wanted.source, "product": wanted.product}
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if wanted.owner == "nobody":
        rows = rows.filter(owner=None)
    elif wanted.owner:
        rows = rows.filter(owner__key=wanted.owner)
    return rows.filter(of_accounts(viewer, [wanted.account_id])) if wanted.account_id is not None else rows


def _late(rows: QuerySet[Opening], clock: Clock) -> QuerySet[Opening]:
    due = _Due(clock)
    found = rows.values_list("pk", "opened_at", "released_at")
    return rows.filter(pk__in=[pk for pk, at, free in found if due.on((free or at).date()) < clock.today])


def _row(viewer: Viewer, values: tuple[Any, ...], due: _Due) -> OpeningRow:
    each = dict(zip(FIELDS, values, strict=True))
    last = due.on((each["released_at"] or each["opened_at"]).date())
    held = each["held_at"] is not None and each["released_at"] is None
    own = {
        "id": each.pop("pk"),
        "account_key": each.pop("account__key"),
        "account_name": each.pop("account__name"),
        "owner_key": each.pop("owner__key") or "",
        "owner_name": each.pop("owner__name") or "",
    }
    return OpeningRow(
        **own,
        **each,
        due_on=last,
        is_late=each["state"] == "opened" and not held and last < due.today,
        may_work=each["state"] not in ENDS and may_work(viewer, each["owner_id"], each["account_id"]),
        may_lead=each["state"] not in ENDS and may_lead(viewer, each["account_id"]),
    )


def _rates(policy: Policy) -> dict[str, float]:
    return {each.currency: each.rate for each in policy.of(OrganizationNumbers).exchange_rates}
