"""How the sheet would have done on every past Monday, beside simpler sheets of the same length.

Pure. What is right, precision, recall and lead: ``engine.watch_list``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.engine.watch_list import NEVER, leads, watch

Columns = Mapping[str, npt.NDArray[Any]]

SHEET = "sheet"
BASELINES = {
    "points": "By points alone",
    "revenue": "By revenue alone",
    "contact": "By last contact",
    "chance": "By chance",
}
LISTS = {SHEET: "Hot sheet", **BASELINES}
"""Each way to draw up a sheet, by its column: how people read it."""

WEEK = 7


@dataclass(frozen=True)
class Fared:
    """How one sort of sheet did.

    Attributes:
        list: its name, of ``LISTS``.
        rows: of sheets whose weeks have passed, so that it can be said whether they were right.
        right: after how many of them a loss followed.
        losses, seen: how many losses there were, and how many of them stood on a sheet before.
        due, met: over all sheets, how many losses lay ahead within the weeks, and how many stood on it.
        due_cents, met_cents: the same in revenue a year, as far as it is known.
        lead_weeks: quartiles of the weeks from the first sheet to the loss; None where none was seen.
    """

    list: str
    rows: int
    right: int
    losses: int
    seen: int
    due: int
    met: int
    due_cents: int
    met_cents: int
    lead_weeks: tuple[float, float, float] | None

    @property
    def precision(self) -> float | None:
        """Return the share of rows that a loss followed."""
        return self.right / self.rows if self.rows else None

    @property
    def recall(self) -> float | None:
        """Return the share of the losses ahead that stood on a sheet."""
        return self.met / self.due if self.due else None

    @property
    def revenue_recall(self) -> float | None:
        """Return the share of the revenue lost that stood on a sheet."""
        return self.met_cents / self.due_cents if self.due_cents else None

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Fared:
        """Return what was kept."""
        lead = kept["lead_weeks"]
        return cls(**{**kept, "lead_weeks": None if lead is None else tuple(lead)})


@dataclass(frozen=True)
class Loss:
    """One loss, and since when the account stood on the sheet before it; None where it did not."""

    account: int
    happened_on: date
    lost_cents: int | None
    is_churn: bool
    listed_on: date | None

    @property
    def lead_weeks(self) -> float | None:
        """Return the weeks that there were."""
        return None if self.listed_on is None else (self.happened_on - self.listed_on).days / WEEK


@dataclass(frozen=True)
class Replayed:
    """The sheets of all weeks from ``first_on`` to ``as_of``.

    Attributes:
        weeks: how many sheets were drawn up.
        rows: how long a sheet was, at the median.
        fared: each sort of sheet, the hot sheet first.
        losses: the newest first.
    """

    first_on: date
    as_of: date
    weeks: int
    rows: int
    fared: tuple[Fared, ...]
    losses: tuple[Loss, ...]

    @property
    def sheet(self) -> Fared:
        """Return how the hot sheet did."""
        return self.fared[0]


def replayed(
    listed: Columns, lost: Columns, *, as_of: date, horizon_weeks: int, lists: Sequence[str] = tuple(LISTS)
) -> Replayed | None:
    """Return how each sort of sheet did; None without a single sheet.

    Args:
        listed: ``as_of`` days, ``account``, and a flag for each of ``lists``, the hot sheet among them.
        lost: ``account``, ``happened_on`` days, ``lost_cents`` (NaN where not known), ``is_churn``.
        as_of: the last day.
        horizon_weeks: within how many weeks of a day on the sheet a loss is a hit.
        lists: the sorts of sheets, as the answer has them; the hot sheet first.
    """
    days = days_of(listed["as_of"])
    if not len(days):
        return None
    after_first = days_of(lost["happened_on"]) > days.min()
    events = {name: column[after_first] for name, column in lost.items()}
    order = np.lexsort((events["account"], -days_of(events["happened_on"])))
    events = {name: column[order] for name, column in events.items()}
    counts = np.unique(days[listed[SHEET]], return_counts=True)[1]
    found = {name: _fared(name, listed, events, as_of=as_of, horizon=WEEK * horizon_weeks) for name in lists}
    return Replayed(
        first_on=_date(int(days.min())),
        as_of=as_of,
        weeks=len(np.unique(days)),
        rows=int(np.median(counts)),
        fared=tuple(each for each, _ in found.values()),
        losses=_losses(events, found[SHEET][1]),
    )


def _fared(
    name: str, listed: Columns, events: Columns, *, as_of: date, horizon: int
) -> tuple[Fared, npt.NDArray[np.int64]]:
    rows = listed[name].astype(np.bool_)
    on = (listed["account"][rows], days_of(listed["as_of"])[rows])
    lost = (events["account"], days_of(events["happened_on"]))
    found = watch(on, lost, horizon=horizon, last_day=as_of.toordinal())
    cents = np.nan_to_num(events["lost_cents"].astype(np.float64))
    weeks = leads(found, lost) / WEEK
    quartiles = tuple(float(each) for each in np.quantile(weeks, (0.25, 0.5, 0.75))) if len(weeks) else None
    fared = Fared(
        list=name,
        rows=int(found.settled.sum()),
        right=int((found.right & found.settled).sum()),
        losses=len(found.seen),
        seen=int(found.seen.sum()),
        due=int(found.due.sum()),
        met=int(found.met.sum()),
        due_cents=int((cents * found.due).sum()),
        met_cents=int((cents * found.met).sum()),
        lead_weeks=quartiles,  # type: ignore[arg-type]
    )
    return fared, found.first_day


def _losses(events: Columns, first_day: npt.NDArray[np.int64]) -> tuple[Loss, ...]:
    days = days_of(events["happened_on"])
    return tuple(
        Loss(
            account=int(events["account"][row]),
            happened_on=_date(int(days[row])),
            lost_cents=None if np.isnan(events["lost_cents"][row]) else int(events["lost_cents"][row]),
            is_churn=bool(events["is_churn"][row]),
            listed_on=None if first_day[row] == NEVER else _date(int(first_day[row])),
        )
        for row in range(len(days))
    )


EPOCH = date(1970, 1, 1).toordinal()


def days_of(column: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return dates as ordinals."""
    return column.astype("datetime64[D]").astype(np.int64) + EPOCH


def _date(ordinal: int) -> date:
    return date.min + timedelta(days=ordinal - 1)
