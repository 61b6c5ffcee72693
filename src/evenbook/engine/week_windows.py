"""Sums over the last weeks, where weeks that were not delivered add nothing.

The season enters as *exposure*: a week at index 0.8 is eight tenths of a week. Counts
are never divided by the season, so a small count keeps the noise of a small count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenbook.engine.detector_params import RING_WEEKS
from evenbook.engine.fleet_state import FleetState

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Window:
    """Sums over some weeks, one entry an account.

    Attributes:
        total: users.
        exposure: the season's index.
        exposure_squares: its square.
        weeks: one for each week that was delivered.
    """

    total: Floats
    exposure: Floats
    exposure_squares: Floats
    weeks: Floats

    def __add__(self, other: Window) -> Window:
        return Window(
            self.total + other.total,
            self.exposure + other.exposure,
            self.exposure_squares + other.exposure_squares,
            self.weeks + other.weeks,
        )

    def scaled(self, factor: float) -> Window:
        """Return the same weeks in a season that was ``factor`` times as high."""
        return Window(
            self.total, factor * self.exposure, (factor * factor) * self.exposure_squares, self.weeks
        )


def window(state: FleetState, span: int, *, skip: int = 0) -> Window:
    """Return the sums of the ``span`` weeks that end ``skip`` weeks before the state's week."""
    total, exposure, squares, weeks = (np.zeros(state.accounts.size) for _ in range(4))
    for back in range(skip, skip + span):
        row = (state.fleet.week - back) % RING_WEEKS
        index, seen = state.fleet.index[row], state.seen[row]
        total += state.counts[row]
        weeks += seen
        exposure += index * seen
        squares += (index * index) * seen
    return Window(total, exposure, squares, weeks)


def mean(total: Floats, over: Floats) -> Floats:
    """Return ``total / over``, NaN where there is nothing to divide by."""
    return np.divide(total, over, out=np.full_like(total, np.nan), where=over > 0.0)
