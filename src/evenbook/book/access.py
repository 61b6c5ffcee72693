"""What a viewer may see of the customers: the one place that decides it.

Operations, executives and readers see every account; so do leaders, until the tree of teams is
mapped to books. A CSM sees in full what they own now, alone or in a pool; of the others the name,
coverage, artifacts and loops, as long as policy leaves them open; never their load, money or calls.

Access is of the present moment, whatever past day a page shows: who gave an account away no
longer opens it. Hence the database's clock.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Now, TruncDate

from evenbook.book.among import Among, Ids
from evenbook.book.models import Account, Ownership, Person, PoolMember
from evenbook.book.numbers import BookNumbers
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest

SHARED = frozenset({"name", "coverage", "artifacts", "loops"})
"""What policy may leave open of colleagues' accounts."""

SEE_ALL = frozenset({"leader", "operations", "executive", "reader"})
OWN, OTHERS, PERSON = "book.access.own", "book.access.others", "book.access.person"
SEE_PEOPLE = frozenset({"leader", "operations", "reader"})


def accounts_seen_by(viewer: Viewer) -> QuerySet[Account]:
    """Return the accounts that the viewer may open in full; merged ones are under their heir."""
    accounts = Account.objects.filter(merged_into__isnull=True)
    if viewer.role in SEE_ALL:
        return accounts
    return _those_of(accounts, viewer, "pk")


def sees_every_account(viewer: Viewer) -> bool:
    """Return whether no row is hidden from the viewer, so that queries need not ask."""
    return viewer.role in SEE_ALL


def narrowed(rows: QuerySet[Any], viewer: Viewer, path: str = "account") -> QuerySet[Any]:
    """Return the rows of accounts that the viewer may open in full; ``path`` leads to the account."""
    if sees_every_account(viewer):
        return rows
    return _those_of(rows, viewer, path)


def of_account(rows: QuerySet[Any], viewer: Viewer, account_id: int) -> QuerySet[Any]:
    """Return the rows of one account and of those merged into it, if the viewer may open it in full."""
    found = rows.filter(Q(account_id=account_id) | Q(account__merged_into_id=account_id))
    if sees_every_account(viewer):
        return found
    return found if account_id in _own_ids(viewer).ids else found.none()


def may_see_of_others(viewer: Viewer, what: str) -> bool:
    """Return whether the viewer may see ``what`` of accounts that are not theirs."""
    if viewer.role in SEE_ALL:
        return True
    if viewer.role != "csm" or what not in SHARED:
        return False
    if OTHERS not in viewer.worked_out:
        viewer.worked_out[OTHERS] = latest().policy.of(BookNumbers).others_accounts_open
    return bool(viewer.worked_out[OTHERS])


def may_see_people(viewer: Viewer) -> bool:
    """Return whether the viewer may see the load of single persons other than themselves."""
    return viewer.role in SEE_PEOPLE


def person_of(viewer: Viewer) -> Person | None:
    """Return the member of the CS team that the viewer is, by user or by mail address."""
    if viewer.user_id is None:
        return None
    if PERSON not in viewer.worked_out:
        found = Person.objects.filter(_is_them(viewer)).order_by(F("user_id").desc(nulls_last=True), "pk")
        viewer.worked_out[PERSON] = found.first()
    person: Person | None = viewer.worked_out[PERSON]
    return person


def pools_of(person: Person) -> QuerySet[PoolMember, int]:
    """Return the ids of the pools that the person is in today."""
    return _pools_now(Q(person=person))


def _is_them(viewer: Viewer, path: str = "") -> Q:
    """Return the condition that a person is the viewer; ``path`` leads to the person."""
    found = Q(**{f"{path}user_id": viewer.user_id})
    if viewer.mail:
        found |= Q(**{f"{path}user__isnull": True, f"{path}mail__iexact": viewer.mail})
    return found


def _pools_now(whose: Q) -> QuerySet[PoolMember, int]:
    today = TruncDate(Now())
    since = PoolMember.objects.filter(whose, since_on__lte=today)
    return since.filter(Q(until_on__isnull=True) | Q(until_on__gt=today)).values_list("pool", flat=True)


def _those_of(rows: QuerySet[Any], viewer: Viewer, path: str) -> QuerySet[Any]:
    own = _own_ids(viewer)
    return rows.filter(Among(F(path), own)) if own.ids else rows.none()


def _own_ids(viewer: Viewer) -> Ids:
    """Return the accounts that a CSM owns now, worked out once a viewer."""
    if viewer.role != "csm" or viewer.user_id is None:
        return Ids.of(())
    if OWN not in viewer.worked_out:
        heirs = _owned_now(viewer).filter(account__merged_into__isnull=True)
        viewer.worked_out[OWN] = Ids.of(heirs.values_list("account", flat=True))
    found: Ids = viewer.worked_out[OWN]
    return found


def _owned_now(viewer: Viewer) -> QuerySet[Ownership]:
    begun = Ownership.objects.filter(role="owner", happened_at__lte=Now(), known_at__lte=Now())
    later = begun.filter(account=OuterRef("account")).filter(
        Q(happened_at__gt=OuterRef("happened_at"))
        | Q(happened_at=OuterRef("happened_at"), pk__gt=OuterRef("pk"))
    )
    people = Person.objects.filter(_is_them(viewer)).values("pk")
    own = Q(person__in=people) | Q(pool__in=_pools_now(_is_them(viewer, "person__")))
    return begun.filter(own).filter(~Exists(later))
