"""Each account in a run: who had it, how it was served, and the effort it took with its factors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from evenbook.book.access import accounts_seen_by, may_see_of_others, narrowed, sees_every_account
from evenbook.book.among import Among, Ids
from evenbook.capacity.models import AccountWeek
from evenbook.capacity.queries.roles import in_book, worked_by_role
from evenbook.people.viewer import Viewer

SORTS = {
    "account": "account__name",
    "owner": "owner_name",
    "tier": "tier",
    "segment": "segment",
    "stage": "stage",
    "arr": "arr_cents",
    "effort": "effort_hours",
    "renews": "renews_on",
    "contact": "last_meaningful_at",
}


@dataclass(frozen=True)
class Factor:
    """One factor of an effort: its level, what it multiplies by, and its cause."""

    factor: str
    level: str
    multiplier: float
    cause: str


@dataclass(frozen=True)
class AccountRow:
    """An account in a run. Money in minor units; ``effort_hours`` a month.

    What the viewer may not see of a colleague's account is None, and ``is_open`` is false.
    """

    id: int
    key: str
    name: str
    owner_key: str
    owner_name: str
    tier: int
    tier_assumed: bool
    segment: str
    stage: str
    region: str
    arr_cents: int | None
    renews_on: date | None
    effort_hours: float | None
    last_meaningful_at: datetime | None
    is_unmonitored: bool | None
    is_open: bool = True


@dataclass(frozen=True)
class Wanted:
    """Which accounts of a run. Empty means any.

    Args:
        owner: a person's key, ``pool:`` and a pool's key, or ``nobody``.
        book_of: a person's id; with ``book_pools`` also what these pools own. What one has any role on is
            in one's book.
        among: ids of accounts as queries, each narrows further; ``without`` takes away.
        classified: with a tier that somebody or its revenue says, and a stage.
        shared: colleagues' accounts as well, as far as policy leaves them open.
    """

    text: str = ""
    owner: str = ""
    team: str = ""
    tier: str = ""
    segment: str = ""
    region: str = ""
    stage: str = ""
    renews_until: date | None = None
    renews_from: date | None = None
    unmonitored: bool = False
    classified: bool = False
    book_of: int | None = None
    book_pools: frozenset[int] = frozenset()
    among: tuple[QuerySet[Any, Any], ...] = field(default=())
    without: tuple[QuerySet[Any, Any], ...] = field(default=())
    shared: bool = False


@dataclass(frozen=True)
class Totals:
    """The sums of a list: accounts, revenue in minor units, effort in hours a month."""

    accounts: int
    arr_cents: int | None
    effort_hours: float


def account_rows(
    viewer: Viewer,
    run_id: int,
    *,
    wanted: Wanted,
    sort: str = "arr",
    descending: bool = True,
    offset: int = 0,
    limit: int | None = None,
    sort_column: Subquery | None = None,
) -> list[AccountRow]:
    """Return accounts of a run in order; ``sort_column`` is another slice's value to sort by."""
    rows = _rows(viewer, run_id, wanted).annotate(owner_name=_owner_name())
    if sort_column is not None:
        rows = rows.annotate(sort_value=sort_column)
    by = F("sort_value" if sort_column is not None else SORTS[sort])
    ordered = rows.order_by(
        by.desc(nulls_last=True) if descending else by.asc(nulls_last=True), "account__name", "pk"
    )
    page = ordered[offset : None if limit is None else offset + limit]
    found = [_row(values) for values in page.values_list(*FIELDS)]
    return _closed_to(viewer, found) if wanted.shared else found


def totals(viewer: Viewer, run_id: int, *, wanted: Wanted) -> Totals:
    """Return the sums of all the accounts wanted; of shared ones the number alone."""
    rows = _rows(viewer, run_id, wanted)
    if wanted.shared and not sees_every_account(viewer):
        return Totals(rows.count(), None, 0.0)
    sums = rows.aggregate(n=Count("pk"), arr=Sum("arr_cents"), effort=Sum("effort_hours"))
    return Totals(sums["n"], sums["arr"], sums["effort"] or 0.0)


def how_many(viewer: Viewer, run_id: int, *, wanted: Wanted) -> int:
    """Return how many accounts are wanted."""
    return _rows(viewer, run_id, wanted).count()


def account_ids(viewer: Viewer, run_id: int, *, wanted: Wanted) -> QuerySet[Any, Any]:
    """Return the ids of the accounts wanted, to narrow another slice's query."""
    return _rows(viewer, run_id, wanted).values("account_id")


def book_sizes(viewer: Viewer, run_id: int) -> dict[tuple[str, str], int]:
    """Return how many accounts each person, pool and team owns in a run, by kind and key; and all of them."""
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id), viewer)
    found = rows.values_list("person__key", "person__team", "pool__key").annotate(Count("pk")).order_by()
    sizes: dict[tuple[str, str], int] = {}
    for person, team, pool, count in found:
        for subject in (("csm", person), ("team", team), ("pool", pool), ("all", "all")):
            if subject[1]:
                sizes[subject] = sizes.get(subject, 0) + count
    return sizes


def counts_by_owner(viewer: Viewer, run_id: int, *, wanted: Wanted) -> dict[int, dict[int, int]]:
    """Return by the person who owns them how many of the accounts wanted there are of each tier."""
    rows = _rows(viewer, run_id, wanted).filter(person__isnull=False)
    found: dict[int, dict[int, int]] = {}
    for person, tier, count in rows.values_list("person", "tier").annotate(Count("pk")).order_by():
        if person is not None:
            found.setdefault(person, {})[tier] = count
    return found


def counts_by_worker(viewer: Viewer, run_id: int, *, wanted: Wanted) -> dict[int, dict[int, int]]:
    """Return by the person who works them how many of the accounts wanted there are of each tier.

    Who works an account is who has the role of its stage, else its owner.
    """
    found = counts_by_owner(viewer, run_id, wanted=wanted)
    by_role = worked_by_role(viewer, run_id)
    if not by_role:
        return found
    rows = _rows(viewer, run_id, wanted).filter(Among(F("account"), Ids.of(by_role)))
    for account, owner, tier in rows.values_list("account_id", "person_id", "tier"):
        for person, more in ((owner, -1), (by_role[account], 1)):
            if person is not None:
                of = found.setdefault(person, {})
                of[tier] = of.get(tier, 0) + more
    return found


def renewals_by_owner(viewer: Viewer, run_id: int, *, wanted: Wanted) -> dict[int, tuple[date, ...]]:
    """Return by the person who owns them the days on which the accounts wanted renew, in order."""
    rows = _rows(viewer, run_id, wanted).filter(person__isnull=False, renews_on__isnull=False)
    found: dict[int, list[date]] = {}
    for person, day in rows.order_by("renews_on").values_list("person", "renews_on"):
        if person is not None and day is not None:
            found.setdefault(person, []).append(day)
    return {person: tuple(days) for person, days in found.items()}


def owned_by_nobody(viewer: Viewer, run_id: int, accounts: Iterable[int]) -> frozenset[int]:
    """Return which of the accounts nobody owned in a run, or which it did not know of yet."""
    wanted = set(accounts)
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id, account__in=wanted), viewer)
    owned = rows.filter(Q(person__isnull=False) | Q(pool__isnull=False)).values_list("account", flat=True)
    return frozenset(wanted - set(owned))


def revenues(viewer: Viewer, run_id: int) -> tuple[int, ...]:
    """Return the yearly recurring revenue of each account that has any, in minor units, lowest first."""
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id, arr_cents__gt=0), viewer)
    return tuple(cents for cents in rows.order_by("arr_cents").values_list("arr_cents", flat=True) if cents)


def values_of(viewer: Viewer, run_id: int, name: str) -> tuple[str, ...]:
    """Return the values that a run's accounts have in ``segment``, ``region`` or ``stage``, by name."""
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id), viewer).exclude(**{name: ""})
    return tuple(rows.order_by(name).values_list(name, flat=True).distinct())


def tier_column(viewer: Viewer, run_id: int, account: str = "account_id") -> Subquery:
    """Return the tier in a run as a column for another slice's query; tiers are no secret."""
    rows = AccountWeek.objects.filter(run_id=run_id, account_id=OuterRef(account))
    return Subquery(rows.values("tier")[:1], output_field=IntegerField())


def tiers_of(viewer: Viewer, run_id: int, accounts: Iterable[int]) -> dict[int, int]:
    """Return the tier that served each of the accounts in a run; it is no secret of theirs."""
    rows = AccountWeek.objects.filter(run=run_id, account__in=list(accounts), tier__isnull=False)
    return dict(rows.values_list("account", "tier"))


def as_it_stood(viewer: Viewer, run_id: int, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Return another slice's rows of accounts beside how each account stood in a run, to count or sort by.

    Adds ``stood__tier``, ``stood__person``, ``stood__pool``, ``stood__arr_cents`` and ``stood_owner``, the
    owner's name. Which rows the viewer may see is for the caller to say.
    """
    beside = FilteredRelation("account__weeks", condition=Q(account__weeks__run=run_id))
    owner = Coalesce(F("stood__person__name"), F("stood__pool__name"))
    found: QuerySet[Any] = rows.annotate(stood=beside, stood_owner=owner).filter(stood__run=run_id)
    return found


def account_row(viewer: Viewer, run_id: int, account_id: int) -> AccountRow | None:
    """Return one account as it stood in a run."""
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id, account_id=account_id), viewer)
    values = rows.annotate(owner_name=_owner_name()).values_list(*FIELDS).first()
    return _row(values) if values else None


def factors(viewer: Viewer, run_id: int, account_id: int) -> tuple[Factor, ...]:
    """Return what an account's effort is the product of."""
    rows = narrowed(AccountWeek.objects.filter(run_id=run_id, account_id=account_id), viewer)
    given = rows.values_list("factors", flat=True).first() or []
    return tuple(
        Factor(str(each["factor"]), str(each["level"]), float(each["multiplier"]), str(each.get("cause", "")))
        for each in given
    )


FIELDS = (
    "account_id", "account__key", "account__name", "person__key", "pool__key", "owner_name", "tier",
    "tier_assumed", "segment", "stage", "region", "arr_cents", "renews_on", "effort_hours",
    "last_meaningful_at", "is_unmonitored",
)  # fmt: skip


def _owner_name() -> Any:
    return Coalesce(F("person__name"), F("pool__name"))


def _row(values: tuple[Any, ...]) -> AccountRow:
    account_id, key, name, person, pool, owner_name, *rest = values
    owner_key = person or (f"pool:{pool}" if pool else "")
    return AccountRow(account_id, key, name, owner_key, owner_name or "", *rest)


def _rows(viewer: Viewer, run_id: int, wanted: Wanted) -> QuerySet[AccountWeek]:
    rows = AccountWeek.objects.filter(run_id=run_id)
    if not (wanted.shared and may_see_of_others(viewer, "coverage")):
        rows = narrowed(rows, viewer)
    for condition in _conditions(viewer, run_id, wanted):
        rows = rows.filter(condition)
    for ids in wanted.among:
        rows = rows.filter(account__in=ids)
    for ids in wanted.without:
        rows = rows.exclude(account__in=ids)
    return rows


def _conditions(viewer: Viewer, run_id: int, wanted: Wanted) -> list[Q]:
    plain = {
        "person__team": wanted.team,
        "tier": wanted.tier,
        "segment": wanted.segment,
        "region": wanted.region,
        "stage": wanted.stage,
        "renews_on__gte": wanted.renews_from,
        "renews_on__lte": wanted.renews_until,
        "is_unmonitored": wanted.unmonitored or None,
    }
    found = [Q(**{name: value}) for name, value in plain.items() if value]
    if wanted.classified:
        found.append(Q(tier_assumed=False) & ~Q(stage=""))
    if wanted.text:
        found.append(Q(account__name__icontains=wanted.text) | Q(account__domain__icontains=wanted.text))
    if wanted.owner:
        found.append(_owned_by(wanted.owner))
    if wanted.book_of is not None:
        found.append(in_book(viewer, run_id, wanted.book_of, wanted.book_pools))
    return found


def _owned_by(owner: str) -> Q:
    if owner == "nobody":
        return Q(person__isnull=True, pool__isnull=True)
    if owner.startswith("pool:"):
        return Q(pool__key=owner.removeprefix("pool:"))
    return Q(person__key=owner)


def _closed_to(viewer: Viewer, rows: list[AccountRow]) -> list[AccountRow]:
    if sees_every_account(viewer):
        return rows
    ids = {row.id for row in rows}
    opened = set(accounts_seen_by(viewer).filter(pk__in=ids).values_list("pk", flat=True))
    return [row if row.id in opened else _closed(row) for row in rows]


def _closed(row: AccountRow) -> AccountRow:
    return replace(
        row, arr_cents=None, effort_hours=None, last_meaningful_at=None, is_unmonitored=None, is_open=False
    )
