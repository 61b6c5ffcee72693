"""Handing accounts out to people who are all alike, the largest first: it proves that so few can do.

Each account goes to whoever has the fewest hours so far (Graham, *Bounds on multiprocessing anomalies*,
SIAM Journal on Applied Mathematics 17, 1969: no load is more than a third above the best, and with many small
accounts hardly any). Whether it keeps to a limit is looked at; where it does not, another plan still may.

Pure.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from evenbook.engine.given_arrays import Places


def packed(hours: Sequence[float], people: int, room: float) -> Places | None:
    """Return the place of whoever has each account; None where somebody would have more than their room.

    Args:
        hours: a month, of each account.
        people: how many there are, all alike.
        room: the most hours a month that one of them may carry.
    """
    given = np.array(hours, dtype=np.float64)
    found = np.zeros(len(given), dtype=np.int64)
    if not len(given):
        return found
    loads = [(0.0, place) for place in range(people)]
    for row in np.argsort(-given, kind="stable").tolist():
        if not loads or loads[0][0] + given[row] > room + 1e-9:
            return None
        load, place = loads[0]
        found[row] = place
        heapq.heapreplace(loads, (load + float(given[row]), place))
    return found
