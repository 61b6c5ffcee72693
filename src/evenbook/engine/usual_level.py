"""What an account usually does: a slow mean that learns from weeks once they are old enough.

The usual level takes in a week only when it has left the longest window that is
compared with it. So a fall that has just begun never drags down the level it is
measured against. How fast the level forgets follows from the data: a noisy account
is averaged over a year, a large and quiet one over four or five months.

Each level comes with the number of *weeks it is worth*. One more week adds one; the
wander of accounts (a random walk in the logarithm) takes weeks away. This is the
Kalman filter of the local level model, written in units of one week's noise.

Pure: arrays in, arrays out. One entry an account everywhere.

Sources:
    Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), 4.1.
    West and Harrison, Bayesian Forecasting and Dynamic Models (1997), 2.3.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SMALLEST_LEVEL = 0.05
"""Users a week below which an account counts as having this many, so noise stays finite."""
SURPRISE = 4.0
"""A week further out than this many standard deviations moves the level as if it were this far."""


def week_noise(level: Floats, dispersion: Floats) -> Floats:
    """Return the relative variance of one week: Poisson's share plus the over-dispersion."""
    return 1.0 / np.maximum(level, SMALLEST_LEVEL) + dispersion


def level_variance(level: Floats, weeks: Floats, dispersion: Floats) -> Floats:
    """Return the relative variance of the usual level, from the weeks it is worth."""
    return week_noise(level, dispersion) / np.maximum(weeks, 0.25)


def absorb(
    level: Floats,
    weeks: Floats,
    *,
    value: Floats,
    exposure: Floats,
    dispersion: Floats,
    wander: float,
) -> tuple[Floats, Floats]:
    """Return level and weeks after one more week has been taken in.

    Args:
        level: users a week, with the season taken out.
        weeks: what the level is worth in weeks; 0 for an account without any.
        value: users in the week.
        exposure: the season's index of that week; 0 where the week was not seen.
        dispersion: of one week.
        wander: standard deviation of a week's step of the logarithm of the level.
    """
    noise = week_noise(level, dispersion)
    kept = weeks / (1.0 + weeks * (wander * wander) / noise)
    seen = exposure > 0.0
    safe = np.where(seen, exposure, 1.0)
    worth = np.where(seen, noise / (noise + (1.0 / safe - 1.0) / np.maximum(level, SMALLEST_LEVEL)), 0.0)
    total = kept + worth
    share = np.divide(worth, total, out=np.zeros_like(total), where=total > 0.0)
    step = value / safe - level
    reach = SURPRISE * np.maximum(level, 1.0) * np.sqrt(noise)
    bounded = np.where(kept >= 2.0, np.clip(step, -reach, reach), step)
    return level + share * bounded, total


def freshened(
    level: Floats,
    weeks: Floats,
    *,
    total: Floats,
    exposure: Floats,
    dispersion: Floats,
    wander: float,
    span: int,
) -> tuple[Floats, Floats]:
    """Return level and weeks with the next ``span`` weeks taken in at one stroke.

    Used to compare a window with what came right before it, without waiting until the
    level itself has learnt those weeks.

    Args:
        level, weeks: as in ``absorb``.
        total: users summed over the weeks taken in.
        exposure: the season's index summed over them; 0 where none was seen.
        dispersion, wander: as in ``absorb``.
        span: how many weeks these are.
    """
    noise = week_noise(level, dispersion)
    kept = weeks / (1.0 + weeks * (span * wander * wander) / noise)
    worth = kept + exposure
    fresh = np.divide(level * kept + total, worth, out=np.zeros_like(worth), where=worth > 0.0)
    return fresh, worth
