"""Who is known by which id, name or domain: what imports match against."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, Sum

from evenbook.book.models import (
    Account,
    AccountAlias,
    AccountValue,
    Contact,
    Contract,
    Leave,
    Person,
    PersonAlias,
    Pool,
    RevenueMovement,
)
from evenbook.book.rules.matching import Named, Register
from evenbook.book.rules.staff import Known, Staff


def register() -> Register:
    """Return every account, merged ones too, with the ids that sources use for it."""
    found = Register()
    for row in Account.objects.values_list("pk", "key", "name", "matched_name", "domain").iterator():
        found.add(Named(*row))
    for source, external_id, account in AccountAlias.objects.values_list(
        "source", "external_id", "account_id"
    ):
        found.alias(account, source, external_id)
    return found


def staff() -> Staff:
    """Return every person, with the ids that sources use for them."""
    found = Staff()
    for row in Person.objects.values_list("pk", "key", "name", "mail"):
        found.add(Known(*row))
    for source, external_id, person in PersonAlias.objects.values_list("source", "external_id", "person_id"):
        found.alias(person, source, external_id)
    return found


def person_named(name: str) -> int | None:
    """Return the one person of this name or key, None where there is none, or more than one."""
    called = Q(name__iexact=name.strip()) | Q(key=name.strip())
    found = list(Person.objects.filter(called, is_person=True).values_list("pk", flat=True)[:2])
    return found[0] if len(found) == 1 else None


def has_left(name: str, today: date) -> bool:
    """Return whether this is the name or key of somebody who has left, and of nobody who is in the team."""
    called = Q(name__iexact=name.strip()) | Q(key=name.strip())
    left = list(Person.objects.filter(called, is_person=True).values_list("left_on", flat=True))
    return bool(left) and all(day is not None and day < today for day in left)


@dataclass(frozen=True)
class Colleague:
    """Somebody of the team, as arranging an absence needs to know them."""

    id: int
    key: str
    name: str
    region: str
    left_on: date | None


def colleagues(keys: Iterable[str]) -> dict[str, Colleague]:
    """Return people of the team by their keys; owners who are nobody are none of them."""
    wanted = [key for key in keys if "\x00" not in key]
    rows = Person.objects.filter(key__in=wanted, is_person=True)
    return {row[1]: Colleague(*row) for row in rows.values_list("pk", "key", "name", "region", "left_on")}


def away_on(people: Iterable[int], day: date) -> dict[int, date]:
    """Return which of these people are on leave that day, each with the last day of it."""
    rows = Leave.objects.filter(
        person__in=list(people), first_on__lte=day, last_on__gte=day, withdrawn_at=None
    )
    return dict(rows.order_by("last_on").values_list("person", "last_on"))


def pools() -> dict[str, int]:
    """Return every pool by its key."""
    return dict(Pool.objects.values_list("key", "pk"))


def contract_accounts() -> dict[tuple[str, str], int]:
    """Return the account of every contract, by source and its id there."""
    rows = Contract.objects.filter(known_until__isnull=True).values_list(
        "source", "external_id", "account_id"
    )
    return {(source, external_id): account for source, external_id, account in rows.iterator()}


def contact_accounts() -> tuple[dict[tuple[str, str], int], dict[str, int]]:
    """Return the account of every contact: by source and id, and by mail address."""
    by_id: dict[tuple[str, str], int] = {}
    by_mail: dict[str, int] = {}
    rows = Contact.objects.filter(known_until__isnull=True).values_list(
        "source", "external_id", "mail", "account_id"
    )
    for source, external_id, mail, account in rows.iterator():
        by_id[source, external_id] = account
        if mail:
            by_mail[mail] = account
    return by_id, by_mail


def fingerprints(source: str) -> dict[str, str]:
    """Return what a source last said of each of its accounts, as digests by its id."""
    return dict(AccountAlias.objects.filter(source=source).values_list("external_id", "fingerprint"))


def parents() -> dict[int, int]:
    """Return the parent of each account that has one."""
    rows = Account.objects.filter(parent__isnull=False).values_list("pk", "parent_id")
    return {child: parent for child, parent in rows if parent is not None}


def has_churned(account_id: int, *, now: datetime) -> bool:
    """Return whether an account has churned, as ``account_as_of`` judges it.

    Its last status says so and no revenue was gained since, or its revenue was known and is gone.
    """
    told = Q(account=account_id) | Q(account__merged_into=account_id)
    seen = Q(told, happened_at__lte=now, known_at__lte=now)
    status = AccountValue.objects.filter(seen, name="status").order_by("-happened_at", "-pk").first()
    moves = RevenueMovement.objects.filter(seen)
    if status is not None and status.value == "churned":
        return not moves.filter(change_cents__gt=0, happened_at__gt=status.happened_at).exists()
    is_lost = moves.filter(change_cents__lt=0).exists()
    return is_lost and (moves.aggregate(left=Sum("change_cents"))["left"] or 0) <= 0


def account_keys() -> set[str]:
    """Return the keys in use."""
    return set(Account.objects.values_list("key", flat=True))
