"""The pools of a week: which of them are among the books, and what the others take of their members."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from evenbook.balance.rules.pools import Pool
from evenbook.book.known import in_pools
from evenbook.book.queries import Queue, pools_seen
from evenbook.capacity.books import Weighed
from evenbook.people.viewer import Viewer

Members = Mapping[int, Mapping[int, bool]]
"""By pool its members on a day, and of each whether they stay in it through the weeks ahead."""


@dataclass(frozen=True)
class PoolsFound:
    """The pools among the books, and by person the hours a month of those that are not."""

    among: tuple[Pool, ...]
    elsewhere: Mapping[int, float]
    by_roles: Mapping[int, float]


def members_of(viewer: Viewer, day: date, last: date, *, here: Iterable[int]) -> Members:
    """Return who of those who are here is in which pool on a day."""
    there, found = set(here), defaultdict[int, dict[int, bool]](dict)
    for each in in_pools(viewer, until=day):
        if each.person_id in there and (each.until_on is None or each.until_on > day):
            found[each.pool_id][each.person_id] = each.until_on is None or each.until_on > last
    return found


def queues_of(viewer: Viewer, members: Members, *, seen: frozenset[int]) -> tuple[Queue, ...]:
    """Return the pools that can be among a viewer's books: those whose members they may all see."""
    return tuple(each for each in pools_seen(viewer) if seen >= set(members.get(each.id, ())))


def pools_found(
    members: Members,
    hours: Mapping[int, float],
    rows: Iterable[Weighed],
    *,
    among: Iterable[Queue],
    by_roles: Mapping[int, float],
) -> PoolsFound:
    """Return the pools with what their members sustain, and what members carry of all other pools.

    Args:
        hours: a month that each member sustains over the weeks ahead.
        rows: the accounts of the week.
        among: the pools among the books.
        by_roles: hours a month that pools have by roles on accounts.
    """
    inside = {each.id for each in among}
    owned: dict[int, float] = defaultdict(float)
    for row in rows:
        if row.pool_id is not None and row.pool_id not in inside:
            owned[row.pool_id] += row.effort_hours
    elsewhere, roles = defaultdict[int, float](float), defaultdict[int, float](float)
    found = []
    for pool in sorted(inside | set(members)):
        stay = {who: hours.get(who, 0.0) if stays else 0.0 for who, stays in members.get(pool, {}).items()}
        each = Pool(pool, stay)
        for who, part in each.parts:
            roles[who] += part * by_roles.get(pool, 0.0)
            elsewhere[who] += part * owned.get(pool, 0.0)
        if pool in inside:
            found.append(each)
    return PoolsFound(tuple(found), elsewhere, roles)
