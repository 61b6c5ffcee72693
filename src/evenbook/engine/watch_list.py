"""How well a watch list, drawn up again and again, saw events coming.

A row is one item on the list of one day. It is *right* if an event of the item follows within the horizon;
a row whose horizon has not passed is neither right nor wrong yet, even if its event has come: counting only
those would make a list look better than it is. *Precision* is the share of settled rows that are right.
*Recall* is, over all days and the events within the horizon after each, the share whose item stood on the
list of that day: precision and recall at k, as in C. Manning, P. Raghavan and H. Schütze, "Introduction to
Information Retrieval" (2008), chapter 8, summed over days. So a list that keeps its items and one that
changes them each day can be compared, and chance has the recall of its length. Each event is *seen* once at
the most, and its *lead* runs from the first day on the list within the horizon before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Flags, Floats, Places, UnusableArrays, same_length

NEVER = int(np.iinfo(np.int64).min)
"""No day."""


class DaysByItem:
    """Days by item, sorted, to be looked up for many items at once."""

    def __init__(self, item: Places, day: Places) -> None:
        """Hold days of items, in any order."""
        order = np.lexsort((day, item))
        self.item, self.day = item[order], day[order]
        self.ids = np.unique(self.item)
        self.low = int(self.day.min()) if len(self.day) else 0
        self.span = (int(self.day.max()) - self.low + 2) if len(self.day) else 2
        self.key = np.searchsorted(self.ids, self.item) * self.span + (self.day - self.low)

    def place(self, item: Places, day: Places) -> Places:
        """Return how many rows stand before the first row of each item from ``day`` on."""
        offset = np.clip(day - self.low, 0, self.span - 1)
        return np.searchsorted(self.key, np.searchsorted(self.ids, item) * self.span + offset)

    def first_from(self, item: Places, day: Places) -> Places:
        """Return for each item its first day from ``day`` on, ``NEVER`` where there is none."""
        if not len(self.key):
            return np.full(len(item), NEVER)
        place = self.place(item, day)
        safe = np.minimum(place, len(self.key) - 1)
        return np.where((place < len(self.key)) & (self.item[safe] == item), self.day[safe], NEVER)

    def count(self, item: Places, day: Places, until: Places) -> Places:
        """Return for each item how many days it has from ``day`` on and before ``until``."""
        known = np.isin(item, self.ids)
        return np.where(known, self.place(item, until) - self.place(item, day), 0)


@dataclass(frozen=True)
class Watched:
    """What became of a list.

    Attributes:
        right: [rows] whether an event followed within the horizon.
        settled: [rows] whether the horizon has passed.
        first_day: [events] the first day on the list within the horizon before, ``NEVER`` without one.
        met, due: [events] on how many days of the list within the horizon before the item stood on it,
            and how many there were.
    """

    right: Flags
    settled: Flags
    first_day: Places
    met: Places
    due: Places

    @property
    def seen(self) -> Flags:
        """Return [events] whether the item stood on the list within the horizon before."""
        return np.asarray(self.first_day != NEVER)

    @property
    def precision(self) -> float | None:
        """Return the share of settled rows that were right; None without any."""
        return float(self.right[self.settled].mean()) if self.settled.any() else None

    @property
    def recall(self) -> float | None:
        """Return the share of the events due on a day that stood on its list; None without any."""
        return float(self.met.sum() / self.due.sum()) if self.due.any() else None


def watch(
    listed: tuple[npt.ArrayLike, npt.ArrayLike],
    events: tuple[npt.ArrayLike, npt.ArrayLike],
    *,
    horizon: int,
    last_day: int,
) -> Watched:
    """Return what became of a list.

    Args:
        listed: item and day of each row of the list, whole numbers, in any order, none twice.
        events: item and day of each event.
        horizon: days within which an event makes a row right, the last one included.
        last_day: up to which events are known.

    Raises:
        UnusableArrays: the arrays do not fit together, or the horizon is below a day.
    """
    item, day = _pair("listed", listed)
    event_item, event_day = _pair("events", events)
    if horizon < 1:
        raise UnusableArrays(f"A horizon of {horizon} days holds no event.", fix="Give a day or more.")
    following = DaysByItem(event_item, event_day).first_from(item, day + 1)
    rows, days, begins = DaysByItem(item, day), np.unique(day), event_day - horizon
    first = rows.first_from(event_item, begins)
    return Watched(
        right=np.asarray((following != NEVER) & (following <= day + horizon)),
        settled=day + horizon <= last_day,
        first_day=np.where(first < event_day, first, NEVER),
        met=rows.count(event_item, begins, event_day),
        due=np.searchsorted(days, event_day) - np.searchsorted(days, begins),
    )


def leads(found: Watched, events: tuple[npt.ArrayLike, npt.ArrayLike]) -> Floats:
    """Return the days from the first day on the list to the event, for the events that were seen."""
    return (np.asarray(events[1], dtype=np.int64)[found.seen] - found.first_day[found.seen]).astype(
        np.float64
    )


def _pair(name: str, given: tuple[npt.ArrayLike, npt.ArrayLike]) -> tuple[Places, Places]:
    item, day = (np.asarray(each) for each in given)
    if any(each.size and each.dtype.kind not in "iu" for each in (item, day)):
        raise UnusableArrays(f"{name} does not hold whole numbers.", fix="Give items and days as integers.")
    same_length(**{f"{name} items": item, f"{name} days": day})
    return item.astype(np.int64), day.astype(np.int64)
