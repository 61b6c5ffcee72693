"""What is known of accounts and of the team, for pages and files. ``access`` decides who sees what."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from evenbook.book.access import (
    Opened,
    accounts_seen_by,
    may_see_any_team,
    may_see_load_of,
    may_see_of_others,
    may_see_team,
    narrowed,
    of_account,
    owned_now,
    people_ids_seen_by,
    people_seen_by,
    person_of,
    pools_of,
    pools_seen_by,
)
from evenbook.book.among import Among
from evenbook.book.models import (
    Account,
    AccountValue,
    Contact,
    Contract,
    Leave,
    Ownership,
    Person,
    Pool,
    RevenueMovement,
)
from evenbook.book.numbers import role_title
from evenbook.people.queries import users
from evenbook.people.viewer import Viewer

REVENUE = {
    "new": "New revenue",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "churn": "Churn",
    "stated": "Revenue as stated",
}
TEAMS = "book.queries.teams"
MOST_PRODUCTS = 200
MEMBER = ("pk", "key", "name", "team", "is_person")


@dataclass(frozen=True)
class TeamMember:
    """A person of the CS team; ``pools`` are the ids of those they are in today.

    ``is_person`` is false for an owner of the CRM who is nobody, such as an import user.
    """

    id: int
    key: str
    name: str
    team: str
    is_person: bool = True
    pools: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Away:
    """A leave: when it became known, and when it was withdrawn."""

    person_id: int
    first_on: date
    last_on: date
    known_at: datetime
    withdrawn_at: datetime | None = None

    def is_known(self, before: datetime) -> bool:
        """Return whether it held for all that was known before an instant."""
        return self.known_at < before and (self.withdrawn_at is None or self.withdrawn_at >= before)


@dataclass(frozen=True)
class Presence:
    """From when to when somebody is in the team, and the leaves that have not ended, each with its cover."""

    started_on: date | None
    left_on: date | None
    leaves: tuple[tuple[date, date, str], ...] = ()


@dataclass(frozen=True)
class Queue:
    """A pool."""

    id: int
    key: str
    name: str

    @property
    def title(self) -> str:
        """The name with the word pool in it."""
        return self.name if "pool" in self.name.lower() else f"Pool {self.name}"


@dataclass(frozen=True)
class LedPool:
    """A pool with who leads it."""

    id: int
    key: str
    name: str
    lead_id: int
    lead_name: str


@dataclass(frozen=True)
class NamedAccount:
    """An account by its name."""

    id: int
    key: str
    name: str


@dataclass(frozen=True)
class AccountFacts:
    """An account's own page: what it is, under whom, since when."""

    id: int
    key: str
    name: str
    domain: str
    parent_name: str
    started_at: datetime | None
    known_at: datetime
    merged_into_key: str
    custom: dict[str, Any]


@dataclass(frozen=True)
class ContactRow:
    """A person on the customer's side."""

    name: str
    title: str
    role: str
    mail: str
    is_champion: bool
    left_at: datetime | None
    id: int = 0

    @property
    def is_former(self) -> bool:
        """Whether they were forgotten."""
        return self.name.startswith("former contact ")


@dataclass(frozen=True)
class ContractRow:
    """A contract as it stands now; money in minor units."""

    product: str
    starts_on: date | None
    ends_on: date | None
    renews_on: date | None
    arr_cents: int | None
    currency: str
    seats: int | None
    renewed_at: datetime | None
    lost_at: datetime | None


@dataclass(frozen=True)
class Movement:
    """A change of yearly recurring revenue, in minor units."""

    happened_at: datetime
    kind: str
    change_cents: int
    currency: str
    assumed: bool


@dataclass(frozen=True)
class Moment:
    """One dated line of an account's history, from any slice."""

    at: datetime
    kind: str
    title: str
    detail: str = ""
    assumed: bool = False


def me(viewer: Viewer) -> TeamMember | None:
    """Return the member of the team that the viewer is."""
    person = person_of(viewer)
    return _member(person, frozenset(pools_of(person))) if person else None


def member(viewer: Viewer, key: str) -> TeamMember | None:
    """Return the member of this key, if the viewer may see the load of this person."""
    person = Person.objects.filter(key=key).first() if _is_key(key) else None
    if person is None or not may_see_load_of(viewer, person.pk):
        return None
    return _member(person, frozenset(pools_of(person)))


def members(viewer: Viewer) -> tuple[TeamMember, ...]:
    """Return everybody of the team who has owned anything, by name; names are no secret."""
    rows = Person.objects.filter(pk__in=Ownership.objects.filter(person__isnull=False).values("person"))
    return tuple(TeamMember(*row) for row in rows.order_by("name", "pk").values_list(*MEMBER))


def staff(viewer: Viewer) -> tuple[TeamMember, ...]:
    """Return everybody of the team, by name; names are no secret."""
    return tuple(TeamMember(*row) for row in Person.objects.order_by("name", "pk").values_list(*MEMBER))


def owners_here(viewer: Viewer, day: date) -> frozenset[str]:
    """Return the keys of the people in their team on a day who have owned anything; it is no secret."""
    here = Q(left_on=None) | Q(left_on__gte=day), Q(started_on=None) | Q(started_on__lte=day)
    owns = Ownership.objects.filter(person__isnull=False).values("person")
    return frozenset(Person.objects.filter(*here, is_person=True, pk__in=owns).values_list("key", flat=True))


def mails_of(viewer: Viewer, people: Iterable[int]) -> dict[int, str]:
    """Return the address with which each of these people may sign in, of those who may."""
    sign_in = {each.mail.lower(): each.mail for each in users(viewer) if each.is_active}
    rows = Person.objects.filter(pk__in=list(people)).values_list("pk", "user__mail", "mail")
    found = {pk: sign_in.get((of_user or own or "").lower(), "") for pk, of_user, own in rows}
    return {pk: mail for pk, mail in found.items() if mail}


def leads_of_pools(viewer: Viewer, day: date) -> tuple[LedPool, ...]:
    """Return the pools whose accounts the viewer may see and that somebody leads who is here on a day."""
    here = Q(lead__left_on=None) | Q(lead__left_on__gte=day)
    rows = pools_seen_by(viewer).filter(here, lead__is_person=True).order_by("name", "pk")
    return tuple(LedPool(*row) for row in rows.values_list("pk", "key", "name", "lead_id", "lead__name"))


def pools_led_by(viewer: Viewer, person_id: int, day: date) -> frozenset[int]:
    """Return the pools that a person leads who has not left by a day; who leads one is no secret."""
    here = Q(lead__left_on=None) | Q(lead__left_on__gte=day)
    return frozenset(Pool.objects.filter(here, lead=person_id).values_list("pk", flat=True))


def people_seen(viewer: Viewer) -> frozenset[int]:
    """Return the ids of the people whose week and load the viewer may see."""
    return people_ids_seen_by(viewer)


def leaves(viewer: Viewer, people: Iterable[int], *, first: date, last: date) -> tuple[Away, ...]:
    """Return the leaves that touch the days, withdrawn ones too, of people whose week the viewer may see."""
    seen = sorted(set(people) & people_ids_seen_by(viewer))
    rows = Leave.objects.filter(person__in=seen, first_on__lte=last, last_on__gte=first)
    fields = ("person_id", "first_on", "last_on", "known_at", "withdrawn_at")
    return tuple(Away(*row) for row in rows.order_by("first_on", "pk").values_list(*fields))


def presences(viewer: Viewer, day: date) -> dict[int, Presence]:
    """Return when each person whose week the viewer may see is there, and their leaves from a day on."""
    rows = Leave.objects.filter(last_on__gte=day, withdrawn_at=None, person__in=people_seen_by(viewer))
    away: dict[int, list[tuple[date, date, str]]] = {}
    for person, first, last, cover in rows.order_by("first_on", "pk").values_list(
        "person_id", "first_on", "last_on", "cover__name"
    ):
        away.setdefault(person, []).append((first, last, cover or ""))
    people = people_seen_by(viewer).filter(is_person=True).values_list("pk", "started_on", "left_on")
    return {pk: Presence(began, left, tuple(away.get(pk, ()))) for pk, began, left in people}


def given_away(viewer: Viewer, since: datetime) -> tuple[tuple[int, date], ...]:
    """Return who gave an account to somebody else, and when, once an account; ids alone, in order of time.

    Of accounts that the viewer may open.
    """
    earlier = Ownership.objects.filter(role="owner", account=OuterRef("account")).filter(
        Q(happened_at__lt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__lt=OuterRef("pk"))
    )
    before = earlier.order_by("-happened_at", "-pk").values("person")[:1]
    rows = narrowed(Ownership.objects.filter(role="owner", happened_at__gte=since), viewer)
    moved = rows.annotate(giver=Subquery(before)).filter(giver__isnull=False).exclude(person=F("giver"))
    moved = moved.filter(Q(person__isnull=False) | Q(pool__isnull=False))
    return tuple(
        (giver, at.date())
        for giver, at in moved.order_by("happened_at", "pk").values_list("giver", "happened_at")
    )


def stand_ins(viewer: Viewer, day: date) -> dict[int, int]:
    """Return by the person who is away that day the person who covers them; who stands in is no secret."""
    rows = Leave.objects.filter(first_on__lte=day, last_on__gte=day, cover__isnull=False, withdrawn_at=None)
    return dict(rows.order_by("first_on", "pk").values_list("person", "cover"))


def teams_seen(viewer: Viewer) -> tuple[str, ...]:
    """Return the teams that people of the book are in and whose figures the viewer may see, by name."""
    if not may_see_any_team(viewer):
        return ()
    if TEAMS not in viewer.worked_out:
        names = Person.objects.exclude(team="").order_by("team").values_list("team", flat=True).distinct()
        viewer.worked_out[TEAMS] = tuple(name for name in names if may_see_team(viewer, name))
    found: tuple[str, ...] = viewer.worked_out[TEAMS]
    return found


def pools_seen(viewer: Viewer) -> tuple[Queue, ...]:
    """Return the pools whose figures the viewer may see, by name."""
    rows = pools_seen_by(viewer).order_by("name")
    return tuple(Queue(*row) for row in rows.values_list("pk", "key", "name"))


def pools(viewer: Viewer) -> tuple[Queue, ...]:
    """Return the pools, by name."""
    return tuple(Queue(*row) for row in Pool.objects.order_by("name").values_list("pk", "key", "name"))


def account(viewer: Viewer, key: str) -> AccountFacts | None:
    """Return an account that the viewer may open, or the shell of one that was merged; else None."""
    if not _is_key(key):
        return None
    row = Account.objects.select_related("parent", "merged_into").filter(key=key).first()
    heir = row.merged_into if row and row.merged_into else row
    if row is None or heir is None or not accounts_seen_by(viewer).filter(pk=heir.pk).exists():
        return None
    return AccountFacts(
        id=row.pk,
        key=row.key,
        name=row.name,
        domain=row.domain,
        parent_name=row.parent.name if row.parent else "",
        started_at=row.started_at,
        known_at=row.known_at,
        merged_into_key=heir.key if heir.pk != row.pk else "",
        custom=row.custom,
    )


def named(viewer: Viewer, text: str, *, limit: int = 8) -> tuple[NamedAccount, ...]:
    """Return accounts that the viewer may open whose name or domain holds ``text``."""
    wanted = text.strip()
    if not wanted:
        return ()
    rows = accounts_seen_by(viewer).filter(Q(name__icontains=wanted) | Q(domain__icontains=wanted))
    return tuple(NamedAccount(*row) for row in rows.order_by("name").values_list("pk", "key", "name")[:limit])


def people_named(viewer: Viewer, text: str, *, limit: int = 5) -> tuple[TeamMember, ...]:
    """Return members whose week the viewer may open and whose name holds ``text``."""
    if not text.strip():
        return ()
    rows = people_seen_by(viewer).filter(name__icontains=text.strip(), is_person=True)
    return tuple(_member(person) for person in rows.order_by("name")[:limit])


def has_accounts(viewer: Viewer) -> bool:
    """Return whether there is any account at all, seen or not; that there are customers is no secret."""
    return Account.objects.exists()


def account_names(viewer: Viewer) -> dict[int, tuple[str, str]]:
    """Return key and name of every account that the viewer may open, by id."""
    rows = accounts_seen_by(viewer).values_list("pk", "key", "name")
    return {pk: (key, name) for pk, key, name in rows.iterator(chunk_size=5_000)}


def contacts(viewer: Viewer, account_id: int) -> tuple[ContactRow, ...]:
    """Return the customer's people as they are known now, champions first, leavers last."""
    rows = _now(Contact.objects, viewer, account_id).order_by("left_at", "-is_champion", "name")
    fields = ("name", "title", "role", "mail", "is_champion", "left_at", "pk")
    found = [ContactRow(*row) for row in rows.values_list(*fields)]
    return tuple(sorted(found, key=lambda each: (each.left_at is not None, not each.is_champion, each.name)))


def contacts_of(viewer: Viewer, accounts: Opened) -> dict[int, tuple[ContactRow, ...]]:
    """Return the customer's people of many accounts who are still there, champions first."""
    rows = Contact.objects.filter(Among(F("account"), accounts.ids), known_until=None, left_at=None)
    fields = ("account_id", "name", "title", "role", "mail", "is_champion", "left_at")
    found: dict[int, tuple[ContactRow, ...]] = {}
    for account_id, *row in rows.order_by("-is_champion", "name", "pk").values_list(*fields):
        heir = accounts.heirs[account_id]
        found[heir] = (*found.get(heir, ()), ContactRow(*row))
    return found


def owned(viewer: Viewer, person_id: int) -> tuple[NamedAccount, ...]:
    """Return what a person owns now, by name, of the accounts that the viewer may open."""
    rows = owned_now(viewer, person_id).order_by("name", "pk")
    return tuple(NamedAccount(*row) for row in rows.values_list("pk", "key", "name"))


def colleagues_here(viewer: Viewer, day: date) -> tuple[TeamMember, ...]:
    """Return the people who have not left by a day, by name; names are no secret."""
    here = Person.objects.filter(Q(left_on=None) | Q(left_on__gte=day), is_person=True)
    return tuple(TeamMember(*row) for row in here.order_by("name", "pk").values_list(*MEMBER))


def contracts(viewer: Viewer, account_id: int) -> tuple[ContractRow, ...]:
    """Return the contracts as they are known now, the newest first."""
    fields = [each.name for each in dataclasses.fields(ContractRow)]
    rows = _now(Contract.objects, viewer, account_id).order_by("-starts_on", "-pk")
    return tuple(ContractRow(*row) for row in rows.values_list(*fields))


def contract_versions(viewer: Viewer, accounts: Iterable[int]) -> dict[int, int]:
    """Return how many versions of their contracts are known of these accounts, of those they may open."""
    rows = narrowed(Contract.objects.filter(account__in=list(accounts)), viewer)
    return dict(rows.order_by().values_list("account").annotate(Count("pk")))


def movements(viewer: Viewer, account_id: int, *, until: datetime | None = None) -> tuple[Movement, ...]:
    """Return the changes of revenue seen before ``until``, oldest first: they add up to the revenue then."""
    rows = of_account(RevenueMovement.objects.all(), viewer, account_id)
    if until is not None:
        rows = rows.filter(happened_at__lt=until, known_at__lt=until)
    fields = ("happened_at", "kind", "change_cents", "currency", "assumed")
    return tuple(Movement(*row) for row in rows.order_by("happened_at", "pk").values_list(*fields))


def moments(viewer: Viewer, account_id: int) -> tuple[Moment, ...]:
    """Return what happened to the account itself: owners, values, revenue. Newest first."""
    found = [*_owner_moments(viewer, account_id), *_value_moments(viewer, account_id)]
    for each in movements(viewer, account_id):
        change = f"{each.change_cents / 100:+,.0f} {each.currency} a year"
        found.append(
            Moment(each.happened_at, "revenue", REVENUE.get(each.kind, each.kind), change, each.assumed)
        )
    return tuple(sorted(found, key=lambda moment: moment.at, reverse=True))


def sees_shared(viewer: Viewer, what: str) -> bool:
    """Return whether the viewer may see ``what`` of accounts that are not theirs."""
    return may_see_of_others(viewer, what)


def _is_key(text: str) -> bool:
    """Return whether a text from an address can be a key at all; a database refuses a null character."""
    return "\x00" not in text


def _owner_moments(viewer: Viewer, account_id: int) -> list[Moment]:
    rows = of_account(Ownership.objects.all(), viewer, account_id).select_related("person", "pool")
    return [
        Moment(
            row.happened_at,
            "owner",
            f"{role_title(row.role)}: {row.person or row.pool or 'nobody'}",
            row.reason,
            row.assumed,
        )
        for row in rows
    ]


def _value_moments(viewer: Viewer, account_id: int) -> list[Moment]:
    rows = of_account(AccountValue.objects.all(), viewer, account_id)
    fields = ("happened_at", "name", "value", "assumed")
    return [
        Moment(at, "attribute", f"{name.replace('_', ' ').capitalize()}: {value}", "", assumed)
        for at, name, value, assumed in rows.values_list(*fields)
    ]


def _now(rows: Any, viewer: Viewer, account_id: int) -> QuerySet[Any]:
    return of_account(rows.filter(known_until__isnull=True), viewer, account_id)


def _member(person: Person, pools: frozenset[int] = frozenset()) -> TeamMember:
    return TeamMember(person.pk, person.key, person.name, person.team, person.is_person, pools)


def how_many_accounts(viewer: Viewer) -> int:
    """Return how many accounts the viewer may open."""
    return accounts_seen_by(viewer).count()


def products_sold(viewer: Viewer) -> tuple[str, ...]:
    """Return the products that anybody has had under contract, by name; what we sell is no secret."""
    rows = Contract.objects.exclude(product="").order_by("product").values_list("product", flat=True)
    return tuple(rows.distinct()[:MOST_PRODUCTS])
