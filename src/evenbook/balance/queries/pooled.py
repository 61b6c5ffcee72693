"""The pools of a week: who is in them, and which of them are among a viewer's books."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from evenbook.balance.rules.pools import Members
from evenbook.book.known import in_pools
from evenbook.book.queries import Queue, pools_seen
from evenbook.people.viewer import Viewer


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
