"""Who had which role on an account in a run, besides its owner, and what it took of the account's hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from evenbook.book.access import narrowed
from evenbook.book.among import Among, Ids
from evenbook.book.numbers import ROLES, role_title
from evenbook.capacity.models import RoleWeek
from evenbook.people.viewer import Viewer


@dataclass(frozen=True)
class RoleHeld:
    """A role on an account in a run: who had it, a person or a pool, and its hours a month.

    ``works`` says that whoever has it works the account in its stage.
    """

    account_id: int
    role: str
    person_key: str
    pool_key: str
    name: str
    works: bool
    hours: float

    @property
    def holder_key(self) -> str:
        """A person's key, or ``pool:`` and a pool's key."""
        return self.person_key or f"pool:{self.pool_key}"

    @property
    def title(self) -> str:
        """The role as people read it."""
        return role_title(self.role)


def roles_on(viewer: Viewer, run_id: int, accounts: Iterable[int]) -> dict[int, tuple[RoleHeld, ...]]:
    """Return the roles on those of the accounts that the viewer may open in full; of few accounts any."""
    rows = RoleWeek.objects.filter(Among(F("account"), Ids.of(accounts)), run=run_id)
    return _by_account(narrowed(rows, viewer))


def roles_of(
    viewer: Viewer, run_id: int, *, person: int, pools: frozenset[int]
) -> dict[int, tuple[RoleHeld, ...]]:
    """Return the roles that a person has, alone or in pools, by the accounts that the viewer may open."""
    rows = RoleWeek.objects.filter(_theirs(person, pools), run=run_id)
    return _by_account(narrowed(rows, viewer))


def in_roles(viewer: Viewer, run_id: int, *, person: int, pools: frozenset[int]) -> QuerySet[Any, Any]:
    """Return the ids of the accounts on which a person has a role; the query they narrow says who may see."""
    return RoleWeek.objects.filter(_theirs(person, pools), run=run_id).values("account_id")


def in_book(viewer: Viewer, run_id: int, person: int, pools: frozenset[int]) -> Q:
    """Return the condition on rows of a run that an account is in a person's book.

    They own it, alone or in a pool, or have a role on it. Which rows the viewer may see is for the caller.
    """
    return _theirs(person, pools) | Q(account__in=in_roles(viewer, run_id, person=person, pools=pools))


def role_sizes(viewer: Viewer, run_id: int) -> dict[str, int]:
    """Return by a person's key on how many accounts they have a role of their own in a run, owned or not."""
    rows = narrowed(RoleWeek.objects.filter(run=run_id, person__isnull=False), viewer)
    counted = rows.order_by().values_list("person__key").annotate(Count("account", distinct=True))
    return {key: count for key, count in counted if key}


def worked_by_role(viewer: Viewer, run_id: int) -> dict[int, int | None]:
    """Return the accounts that a role works in a run, each with the person who has it; None of a pool."""
    rows = narrowed(RoleWeek.objects.filter(run=run_id, works=True), viewer)
    return dict(rows.values_list("account_id", "person_id"))


def _theirs(person: int, pools: frozenset[int]) -> Q:
    return Q(person=person) | Q(pool__in=sorted(pools)) if pools else Q(person=person)


def _by_account(rows: QuerySet[RoleWeek]) -> dict[int, tuple[RoleHeld, ...]]:
    fields = (
        "account_id",
        "role",
        "person__key",
        "pool__key",
        "person__name",
        "pool__name",
        "works",
        "hours",
    )
    found: dict[int, list[RoleHeld]] = {}
    for account, role, person, pool, name, title, works, hours in rows.order_by("pk").values_list(*fields):
        held = RoleHeld(account, role, person or "", pool or "", name or title or "", works, hours)
        found.setdefault(account, []).append(held)
    order = list(ROLES)
    return {
        account: tuple(
            sorted(each, key=lambda row: (order.index(row.role) if row.role in order else 9, row.role))
        )
        for account, each in found.items()
    }
