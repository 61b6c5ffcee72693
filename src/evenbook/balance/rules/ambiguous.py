"""Accounts of which nobody can say who answers for them.

Pure.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

NO_OWNER, TWO_OWNERS, SILENT_POOL = "no_owner", "two_owners", "silent_pool"
WHYS = {
    NO_OWNER: "Nobody owns it",
    TWO_OWNERS: "Two own it in one role",
    SILENT_POOL: "Nobody answers in its pool",
}


@dataclass(frozen=True)
class Told:
    """That somebody has a role on an account, as one source told it; ``at`` orders what it told."""

    account: int
    role: str
    holder: tuple[int | None, int | None]
    at: float


@dataclass(frozen=True)
class Ambiguous:
    """An account of which it is not clear who answers, and why; ``role`` is named where two have it."""

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
    last: dict[tuple[int, str], tuple[float, set[tuple[int | None, int | None]]]] = {}
    for each in told:
        if each.account not in owners:
            continue
        at, holders = last.get((each.account, each.role), (float("-inf"), set()))
        if each.at > at:
            last[each.account, each.role] = (each.at, {each.holder})
        elif each.at == at:
            holders.add(each.holder)
    twice: dict[int, list[str]] = defaultdict(list)
    for (account, role), (_, holders) in last.items():
        if len(holders) > 1:
            twice[account].append(role)
    found += [Ambiguous(account, TWO_OWNERS, min(roles)) for account, roles in twice.items()]
    return tuple(sorted(found, key=lambda each: (each.account, each.why)))
