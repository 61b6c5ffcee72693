"""Finding one account by what a person types: its key, an id of a source, its domain, its name.

The first of these that fits decides. What fits none exactly is doubtful, and a person chooses.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from evenbook.book.access import accounts_seen_by, may_see_of_others
from evenbook.book.directory import register
from evenbook.book.models import Account, AccountAlias
from evenbook.book.queries import NamedAccount
from evenbook.book.rules.matching import near
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import storable
from evenbook.people.viewer import Viewer

MOST = 8


class NoSuchAccount(EvenbookError):
    """Nothing here goes by the name that was typed, or it is not the asker's to open."""

    kind = "no-such-account"
    status = 404


@dataclass(frozen=True)
class Called:
    """Who was meant: one account, or those among which a person has to choose."""

    account: NamedAccount | None
    candidates: tuple[NamedAccount, ...] = ()


def called(viewer: Viewer, text: str, *, matched: str, domain: str, likeness: float) -> Called:
    """Return the account that ``text`` names, among those the viewer may open.

    Args:
        viewer: who asks.
        text: what was typed.
        matched: it as a name in the form in which names are compared.
        domain: it as a domain, empty where it is none.
        likeness: share of a name's characters from which another name is offered.
    """
    wanted = text.strip()
    exact = [Q(key=wanted), Q(pk__in=_by_id(wanted))]
    exact += [Q(domain__iexact=domain)] if domain else []
    exact += [Q(matched_name=matched)] if matched else []
    for condition in exact:
        found = _named(viewer, Account.objects.filter(condition))
        if found:
            return Called(found[0]) if len(found) == 1 else Called(None, found)
    return Called(None, _doubtful(viewer, wanted, matched, likeness))


def account_of_key(viewer: Viewer, key: str) -> NamedAccount | None:
    """Return the account of a key, or of its heir; None where the viewer may not know it."""
    row = Account.objects.select_related("merged_into").filter(key=storable(key)).first()
    heir = (row.merged_into or row) if row else None
    if heir is None:
        return None
    may_know = may_see_of_others(viewer, "name") or accounts_seen_by(viewer).filter(pk=heir.pk).exists()
    return NamedAccount(heir.pk, heir.key, heir.name) if may_know else None


def account_named(viewer: Viewer, text: str) -> NamedAccount | None:
    """Return the account of a key, or of an id that one source alone uses; None where none or several are."""
    found = account_of_key(viewer, text)
    if found is not None:
        return found
    named = _named(viewer, Account.objects.filter(pk__in=_by_id(storable(text))))
    return named[0] if len(named) == 1 else None


def account_of_id(viewer: Viewer, account_id: int) -> NamedAccount | None:
    """Return the account of a number, or its heir; None where the viewer may not open it."""
    row = Account.objects.select_related("merged_into").filter(pk=account_id).first()
    heir = (row.merged_into or row) if row else None
    if heir is None or not accounts_seen_by(viewer).filter(pk=heir.pk).exists():
        return None
    return NamedAccount(heir.pk, heir.key, heir.name)


def _by_id(wanted: str) -> QuerySet[AccountAlias, int]:
    return AccountAlias.objects.filter(external_id=wanted).values_list("account", flat=True)


def _doubtful(viewer: Viewer, wanted: str, matched: str, likeness: float) -> tuple[NamedAccount, ...]:
    if not wanted:
        return ()
    holds = Account.objects.filter(Q(name__icontains=wanted) | Q(domain__icontains=wanted))
    found = _named(viewer, holds)
    if found or not matched:
        return found
    alike = near(matched, register(), likeness=likeness)
    return _named(viewer, Account.objects.filter(pk__in=alike))


def _named(viewer: Viewer, rows: QuerySet[Account]) -> tuple[NamedAccount, ...]:
    """Return these accounts, each as the one it was merged into, as far as the viewer may open them."""
    ids = {
        merged or own for own, merged in rows.order_by("name").values_list("pk", "merged_into")[: 10 * MOST]
    }
    seen = accounts_seen_by(viewer).filter(pk__in=ids).order_by("name", "pk")
    return tuple(NamedAccount(*row) for row in seen.values_list("pk", "key", "name")[:MOST])
