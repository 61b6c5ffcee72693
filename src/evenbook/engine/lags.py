"""How closely one figure follows another some weeks later, each within itself.

What a unit always is, and what befalls all units in a week, is taken away first: the question is whether a
unit's own higher weeks come before its own lower ones. Weeks of one unit are no separate witnesses, so the
interval draws whole units.

Sources:
    Wooldridge, Econometric Analysis of Cross Section and Panel Data, 2nd ed. (2010), 10.5 (both means
    taken away); Cameron, Gelbach and Miller, REStat 90 (2008), 414-427 (drawing whole units).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Floats, UnusableArrays, floats

LEAST_UNITS = 8
"""Fewer units than that say nothing of others like them."""

LEAST_WEEKS = 8
"""A unit with fewer pairs of weeks is left out."""

DRAWS = 500
PASSES = 30


class Lag(NamedTuple):
    """How closely an outcome follows a cause so many weeks later, -1 to 1.

    Attributes:
        weeks: from the cause to the outcome.
        correlation: None where too few units have enough weeks.
        interval_80, interval_95: hold it with such a chance.
        units: how many it rests on.
    """

    weeks: int
    correlation: float | None
    interval_80: tuple[float, float] | None
    interval_95: tuple[float, float] | None
    units: int

    @property
    def is_seen(self) -> bool:
        """Whether the outcome goes with the cause beyond chance."""
        return self.interval_95 is not None and not self.interval_95[0] <= 0.0 <= self.interval_95[1]


def lagged_correlation(
    causes: npt.ArrayLike, outcomes: npt.ArrayLike, lags: Iterable[int], *, seed: int
) -> tuple[Lag, ...]:
    """Return how closely outcomes follow causes at each lag.

    Args:
        causes: float[units, weeks], NaN where it is not known.
        outcomes: float[units, weeks] of the same units and weeks.
        lags: weeks from the cause to the outcome, 0 or more.
        seed: of the draws behind the intervals.

    Raises:
        UnusableArrays: shapes differ, or a lag is negative.
    """
    x, y = floats("causes", causes, ndim=2), floats("outcomes", outcomes, ndim=2)
    if x.shape != y.shape:
        raise UnusableArrays("causes and outcomes differ in shape.", fix="Give the same units and weeks.")
    wanted = tuple(lags)
    if any(lag < 0 for lag in wanted):
        raise UnusableArrays("A lag is negative.", fix="Give weeks from the cause to the outcome, 0 or more.")
    return tuple(_at(x[:, : max(0, x.shape[1] - lag)], y[:, lag:], lag, seed) for lag in wanted)


def _at(x: Floats, y: Floats, lag: int, seed: int) -> Lag:
    known = np.isfinite(x) & np.isfinite(y)
    enough = known.sum(axis=1) >= LEAST_WEEKS
    units = int(enough.sum())
    if units < LEAST_UNITS:
        return Lag(lag, None, None, None, units)
    known, x, y = known[enough], x[enough], y[enough]
    x, y = _alone(x, known), _alone(y, known)
    sums = np.column_stack([(x * y).sum(axis=1), (x * x).sum(axis=1), (y * y).sum(axis=1)])
    found = _correlation(sums.sum(axis=0)[None, :])[0]
    if not np.isfinite(found):
        return Lag(lag, None, None, None, units)
    draws = np.random.default_rng(seed).multinomial(units, np.full(units, 1.0 / units), DRAWS)
    drawn = _correlation(draws @ sums)
    drawn = drawn[np.isfinite(drawn)]
    low95, low80, high80, high95 = (float(each) for each in np.quantile(drawn, (0.025, 0.1, 0.9, 0.975)))
    return Lag(lag, float(found), (low80, high80), (low95, high95), units)


def _alone(values: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return what is left without the mean of each unit and of each week; 0 where it is not known."""
    left = np.where(known, values, 0.0)
    of_unit, of_week = known.sum(axis=1, keepdims=True), np.maximum(known.sum(axis=0, keepdims=True), 1)
    for _ in range(PASSES):
        left = np.where(known, left - left.sum(axis=1, keepdims=True) / of_unit, 0.0)
        left = np.where(known, left - left.sum(axis=0, keepdims=True) / of_week, 0.0)
    return left


def _correlation(sums: Floats) -> Floats:
    """Return correlations of rows of sums: of products, of squares of the one and of the other."""
    both = np.sqrt(sums[:, 1] * sums[:, 2])
    found: Floats = np.divide(sums[:, 0], both, out=np.full(len(sums), np.nan), where=both > 1e-12)
    return found
