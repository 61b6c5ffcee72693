"""What is known by an instant of people, stages, roles, handovers and pools, for what lies ahead.

Who is in the team, who is away and who has which role is no secret within it; what a viewer may see of
anybody's load is for whoever shows it to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import F, OuterRef, Q, Subquery

from evenbook.book.access import Opened, accounts_seen_by, narrowed
from evenbook.book.among import Among, Ids
from evenbook.book.models import (
    AccountValue,
    Contact,
    Contract,
    Handover,
    Ownership,
    Person,
    PersonRole,
    PoolMember,
)
from evenbook.book.numbers import OWNER
from evenbook.kit.dates import BEGINNING
from evenbook.people.viewer import Viewer

Told = TypeVar("Told")


@dataclass(frozen=True)
class Teammate:
    """A person of the team, as far as what they can sustain goes."""

    id: int
    key: str
    name: str
    team: str
    role: str
    started_on: date | None
    left_on: date | None
    working_share: float
    monthly_hours: float | None
    region: str


@dataclass(frozen=True)
class Holder:
    """Who has a role other than owner on an account: a person or a pool, or nobody."""

    account_id: int
    role: str
    person_id: int | None
    pool_id: int | None


@dataclass(frozen=True)
class Skills:
    """What somebody speaks, which industries they know, and their time zone by its name."""

    languages: frozenset[str]
    industries: frozenset[str]
    time_zone: str


@dataclass(frozen=True)
class HandedOver:
    """An account that was announced to go from one person to another, and back."""

    account_id: int
    giver_id: int
    receiver_id: int
    first_on: date
    back_on: date | None


@dataclass(frozen=True)
class InPool:
    """A person's time in a pool, half-open in days."""

    pool_id: int
    person_id: int
    since_on: date
    until_on: date | None


def teammates(
    viewer: Viewer, *, here_from: date, here_until: date, people: Iterable[int] | None = None
) -> tuple[Teammate, ...]:
    """Return the people who are in the team on some day of a span, by name; all of them, or of some."""
    here = Q(left_on=None) | Q(left_on__gte=here_from)
    begun = Q(started_on=None) | Q(started_on__lte=here_until)
    rows = Person.objects.filter(here, begun, is_person=True).order_by("name", "pk")
    if people is not None:
        rows = rows.filter(pk__in=list(people))
    fields = (
        "pk", "key", "name", "team", "role", "started_on", "left_on", "working_share", "monthly_hours",
        "region",
    )  # fmt: skip
    return tuple(Teammate(*row) for row in rows.values_list(*fields))


def in_role_of(
    viewer: Viewer, team: Iterable[Teammate], day: date, *, before: datetime
) -> tuple[Teammate, ...]:
    """Return people with the role that they had on a day, of what was known before an instant.

    Whose role never changed has the one of the book.
    """
    rows = PersonRole.objects.filter(first_on__lte=day, known_at__lt=before)
    had = dict(rows.order_by("first_on", "known_at", "pk").values_list("person_id", "role"))
    return tuple(replace(each, role=had.get(each.id, each.role)) for each in team)


def stages_told(viewer: Viewer, accounts: Ids, *, before: datetime) -> dict[int, str]:
    """Return the stage that sources gave each account last, of what could be seen before an instant."""
    return values_told(viewer, "stage", accounts, before=before)


def values_told(viewer: Viewer, name: str, accounts: Ids, *, before: datetime) -> dict[int, str]:
    """Return what sources said of each account last under a name, such as its industry, before an instant."""
    rows = AccountValue.objects.filter(
        Among(F("account"), accounts), name=name, happened_at__lt=before, known_at__lt=before
    )
    return dict(rows.order_by("happened_at", "pk").values_list("account_id", "value"))


def changes_told(
    viewer: Viewer, name: str, accounts: Ids, *, since: datetime, before: datetime
) -> dict[int, tuple[tuple[datetime, str], ...]]:
    """Return what each account was under a name at an instant and became until another, oldest first."""
    rows = AccountValue.objects.filter(
        Among(F("account"), accounts), name=name, happened_at__lt=before, known_at__lt=before
    )
    found: dict[int, list[tuple[datetime, str]]] = {}
    for account, at, value in rows.order_by("happened_at", "pk").values_list(
        "account_id", "happened_at", "value"
    ):
        told = found.setdefault(account, [])
        if at <= since:
            told.clear()
        if not told or told[-1][1] != value:
            told.append((at, value))
    return {account: tuple(told) for account, told in found.items()}


def owned_since(viewer: Viewer, accounts: Ids, *, before: datetime) -> dict[int, datetime]:
    """Return since when each account has its owner, seen before an instant; not where it is assumed."""
    rows = Ownership.objects.filter(
        Among(F("account"), accounts), role="owner", happened_at__lt=before, known_at__lt=before
    )
    fields = ("account_id", "happened_at", "assumed")
    last = {row[0]: row for row in rows.order_by("happened_at", "pk").values_list(*fields)}
    return {account: at for account, at, assumed in last.values() if not assumed or at > BEGINNING}


def owners_told(
    viewer: Viewer, accounts: Ids, *, before: datetime
) -> tuple[tuple[int, str, int | None, int | None, datetime], ...]:
    """Return who has which role, as told before an instant: account, role, person, pool, when."""
    rows = Ownership.objects.filter(
        Among(F("account"), accounts), happened_at__lt=before, known_at__lt=before
    )
    fields = ("account_id", "role", "person_id", "pool_id", "happened_at")
    return tuple(rows.order_by("happened_at", "pk").values_list(*fields))


def skills_of(viewer: Viewer, people: Iterable[int]) -> dict[int, Skills]:
    """Return what is known of these people's languages, industries and time zones."""
    rows = Person.objects.filter(pk__in=list(people))
    found = rows.values_list("pk", "languages", "industries", "time_zone")
    return {
        pk: Skills(frozenset(map(str, languages)), frozenset(map(str, industries)), zone)
        for pk, languages, industries, zone in found
    }


def roles_held(
    viewer: Viewer, roles: Iterable[str], *, before: datetime, accounts: Ids | None = None
) -> tuple[Holder, ...]:
    """Return who has one of these roles on which account, as seen before an instant; of all or of some."""
    rows = Ownership.objects.filter(role__in=sorted(set(roles) - {"owner"}))
    rows = rows.filter(happened_at__lt=before, known_at__lt=before, account__merged_into=None)
    if accounts is not None:
        rows = rows.filter(Among(F("account"), accounts))
    fields = ("account_id", "role", "person_id", "pool_id")
    last = {(row[0], row[1]): Holder(*row) for row in rows.order_by("happened_at", "pk").values_list(*fields)}
    return tuple(each for each in last.values() if each.person_id is not None or each.pool_id is not None)


def names_of(viewer: Viewer, accounts: Ids) -> dict[int, tuple[str, str]]:
    """Return key and name of those of the accounts that the viewer may open."""
    rows = accounts_seen_by(viewer).filter(Among(F("pk"), accounts))
    return {pk: (key, name) for pk, key, name in rows.values_list("pk", "key", "name")}


def with_a_role(viewer: Viewer, roles: Iterable[str], *, people: Iterable[int], pools: Iterable[int]) -> Ids:
    """Return the accounts on which one of these people or pools has, or had, one of these roles."""
    whose = Q(Among(F("person"), Ids.of(people))) | Q(pool__in=sorted(set(pools)))
    rows = Ownership.objects.filter(whose, role__in=sorted(set(roles) - {"owner"}))
    return Ids.of(rows.values_list("account_id", flat=True))


def handed_over(viewer: Viewer, *, before: datetime, until: date) -> tuple[HandedOver, ...]:
    """Return what was announced before an instant, and not called off by then, to change hands by a day."""
    rows = Handover.objects.filter(announced_at__lt=before, first_on__lte=until, role=OWNER)
    rows = rows.filter(Q(called_off_at=None) | Q(called_off_at__gte=before))
    fields = ("account_id", "giver_id", "receiver_id", "first_on", "back_on")
    return tuple(HandedOver(*row) for row in rows.order_by("announced_at", "pk").values_list(*fields))


def in_pools(viewer: Viewer, *, until: date) -> tuple[InPool, ...]:
    """Return who is in which pool, and when, as far as they are in it by a day."""
    rows = PoolMember.objects.filter(since_on__lte=until, person__is_person=True)
    fields = ("pool_id", "person_id", "since_on", "until_on")
    return tuple(InPool(*row) for row in rows.order_by("pk").values_list(*fields))


def tier_moves(viewer: Viewer, since: datetime) -> tuple[tuple[int, date], ...]:
    """Return who owned an account when it came to another tier, and when; ids alone, in order of time.

    Of accounts that the viewer may open and that somebody owned then. A first tier is no move.
    """
    tiers, owners = AccountValue.objects.filter(name="tier"), Ownership.objects.filter(role="owner")
    at = OuterRef("happened_at")
    before = tiers.filter(account=OuterRef("account")).filter(
        Q(happened_at__lt=at) | Q(happened_at=at, pk__lt=OuterRef("pk"))
    )
    owner = owners.filter(account=OuterRef("account"), happened_at__lte=at)
    rows = narrowed(tiers.filter(happened_at__gte=since), viewer).annotate(
        old=Subquery(before.order_by("-happened_at", "-pk").values("value")[:1]),
        owner=Subquery(owner.order_by("-happened_at", "-pk").values("person")[:1]),
    )
    moved = rows.filter(old__isnull=False, owner__isnull=False).exclude(value=F("old"))
    found = moved.order_by("happened_at", "pk").values_list("owner", "happened_at")
    return tuple((person, day.date()) for person, day in found)


@dataclass(frozen=True)
class ContactKnown:
    """Somebody at a customer, as they were known."""

    name: str
    title: str
    mail: str
    is_champion: bool
    known_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class ContractKnown:
    """A contract, as it was known."""

    product: str
    seats: int | None
    starts_on: date | None
    ends_on: date | None
    known_at: datetime
    lost_at: datetime | None


def contacts_known(
    viewer: Viewer, accounts: Opened, *, before: datetime
) -> dict[int, tuple[ContactKnown, ...]]:
    """Return the customer's people of many accounts as they were known before an instant."""
    fields = ("account_id", "name", "title", "mail", "is_champion", "known_at", "left_at")
    return _versions_known(Contact, accounts, ContactKnown, before=before, fields=fields)


def contracts_known(
    viewer: Viewer, accounts: Opened, *, before: datetime
) -> dict[int, tuple[ContractKnown, ...]]:
    """Return the contracts of many accounts as they were known before an instant."""
    fields = ("account_id", "product", "seats", "starts_on", "ends_on", "known_at", "lost_at")
    return _versions_known(Contract, accounts, ContractKnown, before=before, fields=fields)


def _versions_known(
    model: Any, accounts: Opened, told: Callable[..., Told], *, before: datetime, fields: tuple[str, ...]
) -> dict[int, tuple[Told, ...]]:
    rows = model.objects.filter(Among(F("account"), accounts.ids), known_at__lt=before)
    rows = rows.filter(Q(known_until=None) | Q(known_until__gte=before))
    found: dict[int, tuple[Told, ...]] = {}
    for account, *row in rows.order_by("pk").values_list(*fields):
        heir = accounts.heirs[account]
        found[heir] = (*found.get(heir, ()), told(*row))
    return found


def onboarded(viewer: Viewer, *, before: datetime) -> tuple[tuple[datetime, datetime], ...]:
    """Return of each account when it was told to be onboarding, and when to be past it; nothing assumed.

    For figures of many at once, which are for everybody.
    """
    rows = AccountValue.objects.filter(
        name="stage", assumed=False, happened_at__lt=before, known_at__lt=before
    )
    began: dict[int, datetime] = {}
    done: dict[int, datetime] = {}
    for account, value, at in rows.order_by("happened_at", "pk").values_list(
        "account_id", "value", "happened_at"
    ):
        if value == "onboarding":
            began.setdefault(account, at)
        elif account in began:
            done.setdefault(account, at)
    return tuple((began[account], at) for account, at in done.items())
