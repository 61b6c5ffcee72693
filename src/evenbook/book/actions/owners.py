"""Changing who owns accounts because somebody decided it: written as history, never over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from evenbook.book.actions.writing import Written, chunks, insert
from evenbook.book.models import Account, Ownership
from evenbook.book.numbers import DECIDED, OWNER
from evenbook.people.viewer import Viewer
from evenbook.runs.actions.happenings import happened

Held = tuple[int | None, int | None]
"""A person or a pool, by its id."""

NOBODY: Held = (None, None)


@dataclass(frozen=True)
class OwnerChange:
    """An account that goes from one person or pool to another, or to nobody."""

    account: int
    giver: Held
    receiver: Held
    reason: str


def change_owners(changes: Iterable[OwnerChange], *, by: Viewer, now: datetime) -> tuple[int, ...]:
    """Give accounts to their receivers and return the accounts that went.

    An account whose owner is no longer the giver, because somebody changed it in the meantime, stays as it
    is. Called within the transaction of whoever decided it.
    """
    written, gone = Written(), list[int]()
    for piece in chunks(list(changes)):
        ids = [each.account for each in piece]
        list(Account.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
        last = {
            row.account_id: row
            for row in Ownership.objects.filter(account__in=ids, role="owner").order_by("happened_at", "pk")
        }
        new = [
            _row(
                each.account, OWNER, each.receiver, each.reason, last=last.get(each.account), at=now, now=now
            )
            for each in piece
            if _stands(each, last.get(each.account))
        ]
        insert(new)
        written.add(Ownership, [max(row.happened_at, now) for row in new])
        gone += [row.account_id for row in new]
    written.flush(now)
    if gone:
        happened("owners.changed", accounts=gone, by=by.name, now=now)
    return tuple(gone)


@dataclass(frozen=True)
class RoleChange:
    """That a role on an account goes from one to another: by id, and as people read them."""

    before: Held
    after: Held
    before_name: str
    after_name: str


def change_role(
    account: int,
    role: str,
    *,
    to: Held,
    reason: str,
    by: Viewer,
    now: datetime,
    since: datetime | None = None,
) -> RoleChange | None:
    """Give a role on an account to a person or a pool, or to nobody; return who had it and who has it.

    Who has it already keeps it: then nothing is written, and None is returned. Called within the transaction
    of whoever decided it.

    Args:
        account: on which.
        role: which, one besides the owner's.
        to: who receives it.
        reason: for the history.
        by: who decides.
        now: when it is decided.
        since: from when on, where that is later.
    """
    Account.objects.select_for_update().get(pk=account)
    rows = Ownership.objects.filter(account=account, role=role).select_related("person", "pool")
    last = rows.order_by("happened_at", "pk").last()
    before = NOBODY if last is None else (last.person_id, last.pool_id)
    if to == before:
        return None
    row = _row(account, role, to, reason, last=last, at=since or now, now=now)
    written = Written()
    insert([row])
    written.add(Ownership, [max(row.happened_at, now)])
    written.flush(now)
    happened("owners.changed", accounts=[account], by=by.name, now=now)
    return RoleChange(before, to, _called(last), _called(row))


def drop_role_to_come(account: int, role: str, person: int, *, by: Viewer, now: datetime) -> int:
    """Take out that a role was to pass to somebody later, as it was decided here; return how many rows went.

    No day has seen it yet, so no answer changes; the audit trail keeps that it was decided. Called within the
    transaction of whoever calls it off.
    """
    rows = Ownership.objects.filter(
        account=account, role=role, person=person, source=DECIDED, happened_at__gt=now
    )
    count, _ = rows.delete()
    if count:
        written = Written()
        written.count(Ownership, count, now)
        written.flush(now)
        happened("owners.changed", accounts=[account], by=by.name, now=now)
    return count


def _called(row: Ownership | None) -> str:
    return "nobody" if row is None else str(row.person or row.pool or "nobody")


def _stands(change: OwnerChange, last: Ownership | None) -> bool:
    owner = (last.person_id, last.pool_id) if last is not None else (None, None)
    return owner == change.giver and change.receiver != change.giver


def _row(
    account: int, role: str, to: Held, reason: str, *, last: Ownership | None, at: datetime, now: datetime
) -> Ownership:
    """Return the row that says who has a role from an instant on, not before what was said last."""
    return Ownership(
        account_id=account,
        role=role,
        person_id=to[0],
        pool_id=to[1],
        reason=reason[:300],
        source=DECIDED,
        happened_at=max(at, last.happened_at) if last is not None else at,
        known_at=now,
        assumed=False,
    )
