"""Dated attributes and owners of accounts: append-only, and repeated loads append nothing.

A *present* value (what a source shows today) is known at the load; only the structural ones are
taken to have been so from the beginning, and only on the account's first load. A *dated* value
comes from a history and counts from its own day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from evenbook.book.actions.writing import Written, chunks, insert
from evenbook.book.models import Account, AccountValue, Ownership
from evenbook.book.numbers import DECIDED
from evenbook.kit.dates import BEGINNING

STRUCTURAL = frozenset({"tier", "segment", "stage", "region"})
"""Attributes that are back-filled; owners are too."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a source says of an attribute: ``at`` for a dated value, None for a present one."""

    account: int
    name: str
    value: str
    source: str
    at: datetime | None = None
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Owned:
    """What a source says of an owner; neither person nor pool means nobody."""

    account: int
    role: str
    person: int | None
    pool: int | None
    source: str
    at: datetime | None = None
    modified_at: datetime | None = None


def say(
    said: Sequence[Said], *, fresh: Set[int], rank: Callable[[str], int], now: datetime, written: Written
) -> list[bool]:
    """Land attribute values and return which of them changed something.

    Where two sources disagree on a present value, the one that policy ranks first wins, and the
    other's value is kept beside it with the account.

    Args:
        said: the values.
        fresh: accounts that this import loads for the first time.
        rank: how a source ranks, the smaller the stronger.
        now: the load time.
        written: takes the note of what was written.
    """
    changed: list[bool] = []
    for piece in chunks(said, 5_000):
        stored = _values_of({each.account for each in piece}, {each.name for each in piece})
        new: list[AccountValue] = []
        losers: list[Said] = []
        for each in piece:
            row = _value_row(each, stored[each.account, each.name], fresh, rank, now=now, losers=losers)
            changed.append(row is not None)
            if row is not None:
                stored[each.account, each.name].append(row)
                new.append(row)
                written.moved[each.name] += each.name == "tier" and each.account not in fresh
        insert(new)
        written.add(AccountValue, [max(row.happened_at, row.known_at) for row in new])
        _keep_losers(losers)
    return changed


def own(
    owned: Sequence[Owned], *, fresh: Set[int], rank: Callable[[str], int], now: datetime, written: Written
) -> list[bool]:
    """Land owners and return which of them changed something; of two sources, policy says who wins."""
    changed: list[bool] = []
    for piece in chunks(owned, 5_000):
        stored: dict[tuple[int, str], list[Ownership]] = defaultdict(list)
        rows = Ownership.objects.filter(account_id__in={each.account for each in piece})
        for row in rows.order_by("happened_at", "pk"):
            stored[row.account_id, row.role].append(row)
        new: list[Ownership] = []
        for each in piece:
            made = _owner_row(each, stored[each.account, each.role], fresh, rank, now=now)
            changed.append(made is not None)
            if made is not None:
                stored[each.account, each.role].append(made)
                new.append(made)
                written.moved["owner"] += each.account not in fresh
        insert(new)
        written.add(Ownership, [max(row.happened_at, row.known_at) for row in new])
    return changed


def _values_of(accounts: Set[int], names: Set[str]) -> dict[tuple[int, str], list[AccountValue]]:
    stored: dict[tuple[int, str], list[AccountValue]] = defaultdict(list)
    rows = AccountValue.objects.filter(account_id__in=accounts, name__in=names)
    for row in rows.order_by("happened_at", "pk"):
        stored[row.account_id, row.name].append(row)
    return stored


def _value_row(
    said: Said,
    stored: list[AccountValue],
    fresh: Set[int],
    rank: Callable[[str], int],
    *,
    now: datetime,
    losers: list[Said],
) -> AccountValue | None:
    if said.at is not None:
        if any(row.happened_at == said.at and row.value == said.value for row in stored):
            return None
        known_at = min(said.at, now) if said.at <= now else now
        return _value(said, said.at, known_at, assumed=said.at <= now)
    if not stored:
        if said.account in fresh and said.name in STRUCTURAL:
            return _value(said, BEGINNING, BEGINNING, assumed=True)
        at = min(said.modified_at or now, now)
        return _value(said, at, at, assumed=False)
    last = max(stored, key=lambda row: row.happened_at)
    if last.value == said.value:
        return None
    if last.source != said.source and rank(last.source) < rank(said.source):
        losers.append(said)
        return None
    at = _changed_at(said.modified_at, max(last.happened_at, last.known_at), now)
    return _value(said, at, at, assumed=False)


def _value(said: Said, at: datetime, known_at: datetime, *, assumed: bool) -> AccountValue:
    return AccountValue(
        account_id=said.account,
        name=said.name,
        value=said.value[:300],
        source=said.source,
        happened_at=at,
        known_at=known_at,
        assumed=assumed,
    )


def _owner_row(
    owned: Owned, stored: list[Ownership], fresh: Set[int], rank: Callable[[str], int], *, now: datetime
) -> Ownership | None:
    same = (owned.person, owned.pool)
    if owned.at is not None:
        if any(row.happened_at == owned.at and (row.person_id, row.pool_id) == same for row in stored):
            return None
        return _owner(owned, owned.at, min(owned.at, now), assumed=owned.at <= now)
    if not stored:
        if same == (None, None):
            return None
        if owned.account in fresh:
            return _owner(owned, BEGINNING, BEGINNING, assumed=True)
        at = min(owned.modified_at or now, now)
        return _owner(owned, at, at, assumed=False)
    last = max(stored, key=lambda row: row.happened_at)
    if last.source == DECIDED and _said_before(owned, stored) == same:
        return None
    is_outranked = last.source != owned.source and rank(last.source) < rank(owned.source)
    is_outranked = is_outranked and last.source != DECIDED
    if (last.person_id, last.pool_id) == same or is_outranked:
        return None
    at = _changed_at(owned.modified_at, max(last.happened_at, last.known_at), now)
    return _owner(owned, at, at, assumed=False)


def _said_before(owned: Owned, stored: list[Ownership]) -> tuple[int | None, int | None] | None:
    """Return the owner that a source named last, None where it never named one."""
    own = [row for row in stored if row.source == owned.source]
    last = max(own, key=lambda row: row.happened_at, default=None)
    return None if last is None else (last.person_id, last.pool_id)


def _owner(owned: Owned, at: datetime, known_at: datetime, *, assumed: bool) -> Ownership:
    return Ownership(
        account_id=owned.account,
        role=owned.role,
        person_id=owned.person,
        pool_id=owned.pool,
        source=owned.source,
        happened_at=at,
        known_at=known_at,
        assumed=assumed,
    )


def _changed_at(modified_at: datetime | None, after: datetime, now: datetime) -> datetime:
    if modified_at and after < modified_at <= now:
        return modified_at
    return max(now, after)


def _keep_losers(losers: Sequence[Said]) -> None:
    by_account: dict[int, list[Said]] = defaultdict(list)
    for each in losers:
        by_account[each.account].append(each)
    rows = list(Account.objects.filter(pk__in=list(by_account)))
    for row in rows:
        beside = dict(row.custom.get("also_said", {}))
        for each in by_account[row.pk]:
            beside[each.name] = {**beside.get(each.name, {}), each.source: each.value}
        row.custom = {**row.custom, "also_said": beside}
    Account.objects.bulk_update(rows, ["custom"], batch_size=500)
