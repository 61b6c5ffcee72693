"""What the doctor looks at in the book: owners, people's hours, the calendars they work by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from evenbook.book.holidays import is_known
from evenbook.book.models import Account, AccountValue, Ownership, Person, RevenueMovement
from evenbook.book.numbers import BookNumbers
from evenbook.kit.findings import NAMED, Check, Finding, counted, listed
from evenbook.policy.queries import latest


def holiday_regions(now: datetime) -> Finding | None:
    """Find regions of the policy whose calendar the library does not have."""
    regions = latest().policy.of(BookNumbers).holiday_regions
    strange = [
        f"{row.region} ({row.country}{'-' if row.subdivision else ''}{row.subdivision})"
        for row in regions
        if not is_known(row.country, row.subdivision)
    ]
    if not strange:
        return None
    return Finding(
        f"The calendar library does not know {listed(strange)}: nobody there has public holidays.",
        "Mend the country or subdivision: evenbook policy show book.holiday_regions",
    )


def people_regions(now: datetime) -> Finding | None:
    """Find people whose region has no calendar in the policy."""
    known = [row.region for row in latest().policy.of(BookNumbers).holiday_regions]
    people = _here(now).exclude(region__in=["", *known])
    names = [f"{name} ({region})" for name, region in people.order_by("name").values_list("name", "region")]
    if not names:
        return None
    return Finding(
        f"{counted(len(names), 'person works', 'people work')} where no calendar is known: {listed(names)}.",
        "Add the region to book.holiday_regions, or mend it in the team's file.",
    )


def capacity(now: datetime) -> Finding | None:
    """Find people who own accounts and have no hours for them."""
    none = Q(working_share=0) | Q(monthly_hours=0)
    people = _here(now).filter(none, Exists(_owning(now).filter(person=OuterRef("pk"))))
    names = list(people.order_by("name").values_list("name", flat=True))
    if not names:
        return None
    return Finding(
        f"{counted(len(names), 'person without hours owns', 'people without hours own')} "
        f"accounts: {listed(names)}.",
        "Give them hours in the team's file, or give their accounts to someone who has.",
    )


def accounts_owned(now: datetime) -> Finding | None:
    """Find active accounts that nobody owns."""
    owned = _owning(now).filter(Q(person__isnull=False) | Q(pool__isnull=False))
    names, total = _named(_active(now).filter(~Exists(owned.filter(account=OuterRef("pk")))))
    if not total:
        return None
    return Finding(
        f"{counted(total, 'active account has', 'active accounts have')} no owner: {listed(names, total)}.",
        "Name owners in the accounts' file and import it again; until then nobody sees them on their week.",
    )


def owners_are_people(now: datetime) -> Finding | None:
    """Find owners that are queues, integrations or other things that do no work."""
    rows = _owning(now).filter(person__is_person=False)
    return _by_owner(
        now,
        rows,
        what="by an owner who is not a person",
        fix="Give them a person or a pool; if the owner is a person after all, say so in the team's file.",
    )


def owners_still_here(now: datetime) -> Finding | None:
    """Find accounts of people who have left."""
    rows = _owning(now).filter(person__left_on__lte=now.date())
    return _by_owner(
        now, rows, what="by someone who has left", fix="Give them to someone else and import again."
    )


def roles_still_here(now: datetime) -> Finding | None:
    """Find accounts with a role that somebody has who has left."""
    active = _active(now).values("pk")
    rows = _held(now).exclude(role="owner").filter(person__left_on__lte=now.date(), account__in=active)
    total = rows.values("account").distinct().count()
    if not total:
        return None
    names = [
        str(name) for name in rows.order_by("person__name").values_list("person__name", flat=True).distinct()
    ]
    return Finding(
        f"{counted(total, 'account has', 'accounts have')} a role of someone who has left: {listed(names)}.",
        "Give the role to someone else, or to nobody, and import the history of owners again.",
    )


def one_owner(now: datetime) -> Finding | None:
    """Find accounts that were given to two owners at the same instant."""
    last = _owning(now).filter(account=OuterRef("account")).values("happened_at")[:1]
    begun = Ownership.objects.filter(role="owner", happened_at__lte=now, known_at__lte=now)
    tied = (
        begun.filter(happened_at=Subquery(last))
        .values("account")
        .annotate(people=Count("person", distinct=True), pools=Count("pool", distinct=True))
        .filter(Q(people__gt=1) | Q(pools__gt=1) | Q(people__gt=0, pools__gt=0))
    )
    names, total = _named(_active(now).filter(pk__in=tied.values("account")))
    if not total:
        return None
    return Finding(
        f"{counted(total, 'account has', 'accounts have')} two owners at once: {listed(names, total)}.",
        "The one imported last counts. Name one owner in the files and import them again.",
    )


CHECKS = (
    Check("holiday-regions", "Every region of the policy has a calendar.", holiday_regions),
    Check("people-regions", "Everybody works in a region with a calendar.", people_regions),
    Check("people-capacity", "Everybody who owns accounts has hours.", capacity),
    Check("accounts-owned", "Every active account has an owner.", accounts_owned),
    Check("owners-are-people", "Every owner is a person or a pool.", owners_are_people),
    Check("owners-still-here", "Nobody who has left owns an account.", owners_still_here),
    Check("roles-still-here", "Nobody who has left has a role on an account.", roles_still_here),
    Check("one-owner", "No account has two owners at once.", one_owner),
)


def _here(now: datetime) -> QuerySet[Person]:
    gone = Q(left_on__isnull=False, left_on__lte=now.date())
    return Person.objects.filter(is_person=True).exclude(gone)


def _active(now: datetime) -> QuerySet[Account]:
    """Return the accounts that are not merged and have not churned, by status or by revenue."""
    seen = {"happened_at__lte": now, "known_at__lte": now, "account": OuterRef("pk")}
    statuses = AccountValue.objects.filter(name="status", **seen).order_by("-happened_at", "-pk")
    moves = RevenueMovement.objects.filter(**seen).order_by("-happened_at", "-pk")
    rows = Account.objects.filter(merged_into__isnull=True).annotate(
        status=Coalesce(Subquery(statuses.values("value")[:1]), Value("")),
        last_move=Coalesce(Subquery(moves.values("kind")[:1]), Value("")),
    )
    return rows.exclude(status="churned").exclude(last_move=RevenueMovement.Kind.CHURN)


def _owning(now: datetime) -> QuerySet[Ownership]:
    """Return the ownerships in force: the one that happened last, of each account."""
    return _held(now).filter(role="owner")


def _held(now: datetime) -> QuerySet[Ownership]:
    """Return who has which role on which account: of each the one that happened last."""
    begun = Ownership.objects.filter(happened_at__lte=now, known_at__lte=now)
    later = begun.filter(account=OuterRef("account"), role=OuterRef("role")).filter(
        Q(happened_at__gt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
    )
    return begun.filter(~Exists(later))


def _by_owner(now: datetime, rows: QuerySet[Ownership], *, what: str, fix: str) -> Finding | None:
    active = rows.filter(account__in=_active(now).values("pk"))
    total = active.count()
    if not total:
        return None
    owners = (
        active.values_list("person__name", flat=True).annotate(n=Count("pk")).order_by("-n", "person__name")
    )
    names = [str(name) for name in owners]
    return Finding(f"{counted(total, 'account is', 'accounts are')} owned {what}: {listed(names)}.", fix)


def _named(rows: QuerySet[Account, Any]) -> tuple[list[str], int]:
    return list(rows.order_by("name").values_list("name", flat=True)[:NAMED]), rows.count()
