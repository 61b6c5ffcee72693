"""Days of one book that lie too close together to be worked on well.

Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Cluster:
    """Days that stand close together: from which to which, and how many."""

    first_on: date
    last_on: date
    count: int


def clusters(days: Iterable[date], *, within: int, least: int) -> tuple[Cluster, ...]:
    """Return the stretches of at most ``within`` days with at least ``least`` of the days, oldest first.

    Each day belongs to one at most. Of stretches that overlap the fullest is taken, of equal ones the
    earliest.

    Args:
        days: each as often as it counts, in any order.
        within: length of a stretch, in days, the first one included.
        least: how many make a cluster.
    """
    left = sorted(days)
    found = []
    while cluster := _fullest(left, within):
        if cluster.count < least:
            break
        found.append(cluster)
        left = [day for day in left if not cluster.first_on <= day <= cluster.last_on]
    return tuple(sorted(found, key=lambda each: each.first_on))


def _fullest(days: list[date], within: int) -> Cluster | None:
    """Return the stretch with the most of the days, which are in order; None of none."""
    best: Cluster | None = None
    end = 0
    for start, first in enumerate(days):
        while end < len(days) and days[end] < first + timedelta(days=within):
            end += 1
        if best is None or end - start > best.count:
            best = Cluster(first, days[end - 1], end - start)
    return best
