"""Adding accounts and what identifies them; parents; merges that can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ManyToOneRel, Model

from evenbook.book.actions.writing import Written, chunks, insert, reserve
from evenbook.book.models import Account, AccountAlias
from evenbook.book.rules.parents import links_in_a_circle
from evenbook.kit.dates import BEGINNING
from evenbook.kit.errors import EvenbookError
from evenbook.kit.keys import LONGEST, slug
from evenbook.people import audit
from evenbook.people.viewer import Viewer


class MergeRefused(EvenbookError):
    """Two accounts can't be made one."""

    kind = "merge-refused"


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to add. ``key`` is the id its source uses; where it has none, the name gives one.

    With a ``pk`` (see ``reserve_ids``), ``key`` is already its own (see ``free_key``).
    """

    key: str
    name: str
    matched: str
    domain: str
    started_at: datetime | None
    custom: dict[str, Any] = field(default_factory=dict)
    merged_into: int | None = None
    pk: int | None = None


@dataclass(frozen=True, slots=True)
class AccountChange:
    """What a source now says of an account's identity; None leaves a field as it is."""

    account: int
    name: str | None = None
    matched: str | None = None
    domain: str | None = None
    started_at: datetime | None = None
    custom: dict[str, Any] | None = None


def hold(account_id: int) -> None:
    """Lock an account until the transaction ends: of two who write of it, one sees what the other wrote."""
    Account.objects.select_for_update().get(pk=account_id)


def add_accounts(
    new: Sequence[NewAccount], *, taken: set[str], now: datetime, written: Written
) -> list[tuple[int, str]]:
    """Add accounts and return the id and key of each.

    An account counts as known from its start, or from the beginning where nobody says: who is a
    customer is a structural fact, back-filled on its first load.

    Args:
        new: the accounts.
        taken: keys in use; grows.
        now: the load time.
        written: takes the note of what was written.
    """
    rows = []
    ids = iter(reserve_ids(sum(1 for each in new if each.pk is None)))
    for each in new:
        started_at = each.started_at if each.started_at and each.started_at <= now else None
        rows.append(
            Account(
                pk=each.pk or next(ids),
                key=each.key if each.pk else free_key(each.key, each.name, taken),
                name=each.name[:300],
                matched_name=each.matched[:300],
                domain=each.domain,
                started_at=each.started_at,
                known_at=started_at or BEGINNING,
                merged_into_id=each.merged_into,
                custom=each.custom,
            )
        )
    written.add(Account, [row.started_at or row.known_at for row in rows])
    return [(row.pk, row.key) for row in insert(rows)]


def free_key(wanted: str, name: str, taken: set[str]) -> str:
    """Return a public id that is not in use, near to the one wanted, and take it."""
    base = (
        wanted
        if wanted and len(wanted) <= 80 and wanted.isprintable() and "/" not in wanted
        else slug(wanted or name)
    )
    key, number = base, 2
    while key in taken:
        key, number = f"{base[:LONGEST]}-{number}", number + 1
    taken.add(key)
    return key


def reserve_ids(count: int) -> list[int]:
    """Return ids for accounts that are about to be added."""
    return reserve(Account, count)


def add_aliases(rows: Sequence[tuple[int, str, str, str]]) -> None:
    """Note that sources call accounts by ids: (account, source, external id, fingerprint)."""
    insert(
        [
            AccountAlias(account_id=account, source=source, external_id=external_id, fingerprint=fingerprint)
            for account, source, external_id, fingerprint in rows
        ]
    )


def set_fingerprints(source: str, rows: Sequence[tuple[str, str]]) -> None:
    """Keep what a source last said of its accounts: (external id, fingerprint)."""
    for piece in chunks(rows):
        wanted = dict(piece)
        found = list(AccountAlias.objects.filter(source=source, external_id__in=list(wanted)))
        for row in found:
            row.fingerprint = wanted[row.external_id]
        AccountAlias.objects.bulk_update(found, ["fingerprint"], batch_size=500)


def change_accounts(changes: Sequence[AccountChange], *, written: Written) -> None:
    """Bring names, domains, starts and custom fields up to date; custom fields add up."""
    by_account = {change.account: change for change in changes}
    fields = ["name", "matched_name", "domain", "started_at", "known_at", "custom"]
    for piece in chunks(list(by_account)):
        rows = list(Account.objects.filter(pk__in=piece))
        for row in rows:
            _change(row, by_account[row.pk])
        Account.objects.bulk_update(rows, fields, batch_size=500)
        written.add(Account, [row.started_at or row.known_at for row in rows])


def _change(row: Account, change: AccountChange) -> None:
    if change.name:
        row.name, row.matched_name = change.name[:300], (change.matched or "")[:300]
    row.domain = change.domain or row.domain
    if change.started_at:
        row.started_at = change.started_at
        row.known_at = min(row.known_at, change.started_at)
    if change.custom:
        row.custom = {**row.custom, **change.custom}


def start_accounts(starts: Sequence[tuple[int, datetime]], *, written: Written) -> None:
    """Give accounts without a start of their own the start of their first contract."""
    wanted: dict[int, datetime] = {}
    for account, at in starts:
        wanted[account] = min(at, wanted.get(account, at))
    for piece in chunks(list(wanted)):
        rows = list(Account.objects.filter(pk__in=piece, started_at__isnull=True))
        for row in rows:
            row.started_at = wanted[row.pk]
        Account.objects.bulk_update(rows, ["started_at"], batch_size=500)
        written.add(Account, [row.known_at for row in rows])


def link_parents(
    links: Sequence[tuple[int, int]], *, parents: dict[int, int], written: Written
) -> tuple[list[int], list[int]]:
    """Put accounts under their parents.

    Args:
        links: (child, parent).
        parents: the links that stand; grows.
        written: takes the note of what was written.

    Returns:
        The positions of the links refused because they would close a circle, and of those that
        changed something.
    """
    refused = set(links_in_a_circle(parents, links))
    changed = [
        position
        for position, (child, parent) in enumerate(links)
        if position not in refused and parents.get(child) != parent
    ]
    wanted = dict(links[position] for position in changed)
    for piece in chunks(list(wanted)):
        rows = list(Account.objects.filter(pk__in=piece))
        for row in rows:
            row.parent_id = wanted[row.pk]
        Account.objects.bulk_update(rows, ["parent"], batch_size=500)
        written.add(Account, [row.started_at or row.known_at for row in rows])
    parents.update(wanted)
    return sorted(refused), changed


@transaction.atomic
def merge(account: int, into: int, *, by: Viewer, now: datetime) -> None:
    """Make one account stand for another too. Both keep their records, so it can be undone.

    Raises:
        MergeRefused: the viewer may not, an account would stand for itself, or there is no such one.
    """
    _require_operations(by)
    rows = {row.pk: row for row in Account.objects.filter(pk__in=[account, into])}
    if account == into or len(rows) < 2:
        raise MergeRefused(
            "An account can only be merged into another one.", fix="Name two different accounts."
        )
    goal = rows[into].merged_into_id or into
    if goal == account:
        raise MergeRefused(
            f"{rows[into].name} is already merged into {rows[account].name}.", fix="Undo that merge first."
        )
    moved = Account.objects.filter(pk=account) | Account.objects.filter(merged_into_id=account)
    was = rows[account].merged_into_id
    count = moved.update(merged_into_id=goal)
    _note(rows.values(), now)
    if was != goal:
        names = {
            row.pk: row.name for row in Account.objects.filter(pk__in=[each for each in (was, goal) if each])
        }
        before = {"merged into": names.get(was or 0)}
        audit.record(
            by, "account.merged", _thing(rows[account]), at=now, before=before,
            after={"merged into": names[goal]}, rows=count,
        )  # fmt: skip


@transaction.atomic
def undo_merge(account: int, *, by: Viewer, now: datetime) -> None:
    """Let a merged account stand for itself again. Doing it twice changes nothing.

    What its source last said of it is forgotten, so that the next load says it again, of itself.
    """
    _require_operations(by)
    rows = list(Account.objects.filter(pk=account, merged_into__isnull=False).select_related("merged_into"))
    Account.objects.filter(pk=account).update(merged_into=None)
    AccountAlias.objects.filter(account__in=rows).update(fingerprint="")
    _note(rows, now)
    for row in rows:
        before = {"merged into": row.merged_into.name if row.merged_into else None}
        audit.record(
            by, "account.merge-undone", _thing(row), at=now, before=before, after={"merged into": None}
        )


@transaction.atomic
def split(account: int, source: str, *, by: Viewer, now: datetime) -> int:
    """Give what one source says of an account to an account of its own, and return its id.

    This undoes a match across sources that was wrong.

    Raises:
        MergeRefused: the source doesn't speak of the account, or no other one does.
    """
    _require_operations(by)
    row = Account.objects.get(pk=account)
    mine = AccountAlias.objects.filter(account=row, source=source)
    if not mine.exists() or not AccountAlias.objects.filter(account=row).exclude(source=source).exists():
        raise MergeRefused(
            f"{row.name} can't be split: {source} is not one of several sources that speak of it.",
            fix="Look at the ids of the account for the sources that do.",
        )
    key = free_key(mine[0].external_id, row.name, set(Account.objects.values_list("key", flat=True)))
    copy = Account.objects.create(
        key=key,
        name=row.name,
        matched_name=row.matched_name,
        started_at=row.started_at,
        known_at=row.known_at,
    )
    mine.update(account=copy, fingerprint="")
    for relation in Account._meta.related_objects:
        model = relation.related_model
        if isinstance(relation, ManyToOneRel) and _has_source(model) and model is not AccountAlias:
            model._default_manager.filter(**{relation.field.name: row, "source": source}).update(
                **{relation.field.name: copy}
            )
            _touch(model, now)
    _note([row, copy], now)
    audit.record(by, "account.split", _thing(row), at=now, after={"source": source, "account": copy.key})
    return copy.pk


def _thing(row: Account) -> audit.Thing:
    return audit.Thing("account", row.key, row.name)


def _has_source(model: Any) -> bool:
    return any(each.name == "source" for each in model._meta.concrete_fields)


def _touch(model: type[Model], now: datetime) -> None:
    written = Written()
    written.add(model, [BEGINNING])
    written.flush(now)


def _require_operations(by: Viewer) -> None:
    if not by.is_operations:
        raise MergeRefused("Only operations may merge accounts.", fix="Ask somebody in operations.")


def _note(rows: Any, now: datetime) -> None:
    written = Written()
    written.add(Account, [BEGINNING for _ in rows])
    written.flush(now)
