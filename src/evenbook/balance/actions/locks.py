"""Locking an account to its owner, with the reason, and withdrawing that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.balance.actions.proposals import ProposalGone, ProposalNotYours, ProposalRefused
from evenbook.balance.models import AccountLock
from evenbook.book.access import answers_for
from evenbook.book.queries import account as account_of_key
from evenbook.people import audit
from evenbook.people.viewer import Viewer


@transaction.atomic
def lock(key: str, reason: str, *, by: Viewer, now: datetime) -> int:
    """Keep an account with its owner until that is withdrawn; return the number, the same for the same again.

    Raises:
        ProposalGone: there is no such account, or the viewer may not see it.
        ProposalNotYours: the viewer does not answer for it.
        ProposalRefused: no reason is given, or it is locked for another one.
    """
    account = _account(key, by)
    said = reason.strip()[:300]
    if not said:
        raise ProposalRefused("An account is locked for a reason.", fix="Say why, such as who asked for it.")
    known = AccountLock.objects.select_for_update().filter(account=account, withdrawn_at=None).first()
    if known is not None:
        if known.reason != said:
            raise ProposalRefused(f"It is locked: {known.reason}", fix="Withdraw that first.")
        return int(known.pk)
    row = AccountLock.objects.create(account_id=account, reason=said, locked_at=now, locked_by=by.name[:120])
    audit.record(by, "account.locked", audit.Thing("account", key), at=now, after={"reason": said})
    return int(row.pk)


@transaction.atomic
def unlock(key: str, *, by: Viewer, now: datetime) -> None:
    """Withdraw the lock of an account; without one, nothing happens.

    Raises:
        ProposalGone, ProposalNotYours: as for ``lock``.
    """
    account = _account(key, by)
    row = AccountLock.objects.select_for_update().filter(account=account, withdrawn_at=None).first()
    if row is not None:
        row.withdrawn_at, row.withdrawn_by = now, by.name[:120]
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(
            by, "account.unlocked", audit.Thing("account", key), at=now, before={"reason": row.reason}
        )


def _account(key: str, by: Viewer) -> int:
    found = account_of_key(by, key)
    if found is None:
        raise ProposalGone(f"There is no account '{key[:40]}'.", fix="Name it by its key.")
    if not answers_for(by, found.id):
        raise ProposalNotYours("It is not yours to lock.", fix="Ask its owner or who leads them.")
    return found.id
