"""Accounts of which nobody can say who answers for them.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenbook.book.numbers import OWNER

NO_OWNER, TWO_OWNERS, SILENT_POOL = "no_owner", "two_owners", "silent_pool"
WHYS = {
    NO_OWNER: "Nobody owns it",
    TWO_OWNERS: "Two own it in one role",
    SILENT_POOL: "Nobody answers in its pool",
}


Holder = tuple[int | None, int | None]
"""A person or a pool, by its id; neither is nobody."""


@dataclass(frozen=True)
class Told:
    """That somebody has a role on an account, as one source told it; ``at`` orders what it told."""

    account: int
    role: str
    holder: tuple[int | None, int | None]
    at: float


@dataclass(frozen=True)
class Ambiguous:
    """An account of which it is not clear who answers, and why; ``role`` is named where it is about one."""

    account: int
    why: str
    role: str = ""


def ambiguous(
    owners: Mapping[int, tuple[int | None, int | None]], told: Iterable[Told], *, answering: frozenset[int]
) -> tuple[Ambiguous, ...]:
    """Return the accounts whose ownership is not clear, by account.

    Args:
        owners: the person and the pool of each account.
        told: who has which role on them, all that was told.
        answering: the pools in which somebody is there to answer.
    """
    found = [
        Ambiguous(account, NO_OWNER if pool is None else SILENT_POOL)
        for account, (person, pool) in owners.items()
        if person is None and (pool is None or pool not in answering)
    ]
    last = _last(each for each in told if each.account in owners)
    twice = {key for key, holders in last.items() if len(holders) > 1}
    silent = {key for key, each in last.items() if key[1] != OWNER and _is_silent(each, answering)}
    for why, keys in ((TWO_OWNERS, twice), (SILENT_POOL, silent)):
        roles: dict[int, list[str]] = defaultdict(list)
        for account, role in keys:
            roles[account].append(role)
        found += [Ambiguous(account, why, min(named)) for account, named in roles.items()]
    return tuple(sorted(found, key=lambda each: (each.account, each.why)))


def _last(told: Iterable[Told]) -> dict[tuple[int, str], set[Holder]]:
    """Return by account and role who was told to have it last: several where that was at one instant."""
    last: dict[tuple[int, str], tuple[float, set[Holder]]] = {}
    for each in told:
        at, holders = last.get((each.account, each.role), (float("-inf"), set()))
        if each.at > at:
            last[each.account, each.role] = (each.at, {each.holder})
        elif each.at == at:
            holders.add(each.holder)
    return {key: holders for key, (_, holders) in last.items()}


def _is_silent(holders: set[Holder], answering: frozenset[int]) -> bool:
    """Return whether a role is a pool's alone in which nobody answers."""
    (_, pool), *more = holders
    return not more and pool is not None and pool not in answering
