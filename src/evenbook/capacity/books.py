"""The accounts of a run as the weeks ahead are worked out from them: who has each, and what it takes.

It gives no names: what a viewer may see of an account is for whoever shows it to ask of ``queries``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from math import prod

from django.db.models import F, Q

from evenbook.book.access import narrowed
from evenbook.book.among import Among, Ids
from evenbook.capacity.models import AccountWeek, RoleWeek
from evenbook.people.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Booked:
    """An account in a run; ``effort_hours`` a month."""

    account_id: int
    person_id: int | None
    pool_id: int | None
    tier: int
    stage: str
    effort_hours: float
    renews_on: date | None
    started_at: datetime | None


def booked(
    viewer: Viewer,
    run_id: int,
    *,
    people: Iterable[int] | None = None,
    pools: Iterable[int] = (),
    accounts: Ids | None = None,
) -> tuple[Booked, ...]:
    """Return the accounts that people or pools own in a run, and those named; all of them without people."""
    rows = AccountWeek.objects.filter(run=run_id)
    if people is not None:
        wanted = Q(Among(F("person"), Ids.of(people))) | Q(pool__in=sorted(set(pools)))
        rows = rows.filter(wanted | Q(Among(F("account"), accounts)) if accounts else wanted)
    fields = (
        "account_id", "person_id", "pool_id", "tier", "stage", "effort_hours", "renews_on",
        "account__started_at",
    )  # fmt: skip
    return tuple(Booked(*row) for row in rows.order_by("account_id").values_list(*fields))


@dataclass(frozen=True, slots=True)
class Weighed:
    """An account in a run as it weighs on whoever owns it; ``complexity`` 1 to 5, None where nobody said."""

    complexity: float | None
    account_id: int
    person_id: int | None
    pool_id: int | None
    tier: int
    arr_cents: int | None
    effort_hours: float
    region: str
    renews_on: date | None
    segment: str
    stage: str


def weighed(viewer: Viewer, run_id: int) -> tuple[Weighed, ...]:
    """Return the accounts of a run that the viewer may open, as they weigh on their owners."""
    rows = narrowed(AccountWeek.objects.filter(run=run_id), viewer)
    plain = (
        "account_id", "person_id", "pool_id", "tier", "arr_cents", "effort_hours", "region", "renews_on",
        "segment", "stage",
    )  # fmt: skip
    found = rows.order_by("account_id").values_list("factors", *plain)
    return tuple(Weighed(_complexity(factors), *row) for factors, *row in found)


@dataclass(frozen=True, slots=True)
class ByRoles:
    """Hours a month that roles take in a run: of which accounts, and which person's or pool's they are."""

    taken: Mapping[int, float]
    carried: Mapping[int, float]
    pooled: Mapping[int, float]


def by_roles(viewer: Viewer, run_id: int) -> ByRoles:
    """Return what roles take of a run's accounts, and what each person and each pool has by them alone."""
    taken: dict[int, float] = defaultdict(float)
    carried: dict[int, float] = defaultdict(float)
    pooled: dict[int, float] = defaultdict(float)
    rows = RoleWeek.objects.filter(run=run_id).order_by("pk")
    for account, person, hours in rows.values_list("account", "person", "hours"):
        taken[account] += hours
        if person is not None:
            carried[person] += hours
    for pool, hours in rows.filter(pool__isnull=False).values_list("pool", "hours"):
        pooled[pool] += hours
    return ByRoles(taken, carried, pooled)


def _complexity(factors: list[dict[str, object]]) -> float | None:
    """Return the level of complexity among the factors of an effort."""
    level = next((each["level"] for each in factors if each["factor"] == "complexity"), "")
    return float(str(level)) if str(level).isdigit() else None


def products(viewer: Viewer, run_id: int, accounts: Ids) -> dict[int, float]:
    """Return the product of the factors of each account's effort, before the cap."""
    rows = AccountWeek.objects.filter(Among(F("account"), accounts), run=run_id)
    return {
        account: prod(float(each["multiplier"]) for each in factors)
        for account, factors in rows.values_list("account_id", "factors")
        if factors
    }


@dataclass(frozen=True, slots=True)
class Served:
    """An account in a run as it is served: by whom, how, for how much; ``effort_hours`` a month."""

    account_id: int
    person_id: int | None
    pool_id: int | None
    tier: int
    segment: str
    stage: str
    arr_cents: int | None
    effort_hours: float
    renews_on: date | None
    started_at: datetime | None


def served(viewer: Viewer, run_id: int) -> tuple[Served, ...]:
    """Return the accounts of a run that the viewer may open, as they are served."""
    rows = narrowed(AccountWeek.objects.filter(run=run_id), viewer)
    fields = (
        "account_id", "person_id", "pool_id", "tier", "segment", "stage", "arr_cents", "effort_hours",
        "renews_on", "account__started_at",
    )  # fmt: skip
    return tuple(Served(*row) for row in rows.order_by("account_id").values_list(*fields))
