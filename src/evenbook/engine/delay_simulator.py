"""Made-up episodes that somebody answers sooner or later, of which the late ones are not answered yet.

Each seed draws how long delays are, their shape (many at once and some late, or all about the same),
the share that is never answered, and how episodes are spread over the weeks before the day of asking, with
more of them lately or fewer. What is watched ends on the day of asking or, for some, earlier (an account
that left). The truth is the mean within the horizon of such delays without any end of watching.

Pure: a seed in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SCALE_DAYS = (5.0, 40.0)
SHAPES = (0.6, 2.0)
NEVER_ANSWERED = (0.0, 0.3)
RECENT = (0.7, 1.5)
"""Power of a uniform draw that places episodes in the window: below 1 fewer are recent."""
LEFT = (0.0, 0.15)
TRUTH_STEPS = 100_001


@dataclass(frozen=True, slots=True)
class MadeDelays:
    """Episodes with their truth.

    Attributes:
        days: to the answer, or watched without one.
        observed: whether it was answered.
        horizon: days.
        truth: mean days within the horizon, if all had been watched to it.
    """

    days: Floats
    observed: Flags
    horizon: float
    truth: float


def make_delays(episodes: int, *, horizon: float = 30.0, seed: int) -> MadeDelays:
    """Return so many episodes of the last ``horizon`` days."""
    rng = np.random.default_rng(seed)
    scale, shape = np.exp(rng.uniform(*np.log(SCALE_DAYS))), np.exp(rng.uniform(*np.log(SHAPES)))
    never, recent, left = (rng.uniform(*bounds) for bounds in (NEVER_ANSWERED, RECENT, LEFT))

    age = horizon * rng.uniform(size=episodes) ** recent
    gone = rng.uniform(size=episodes) < left
    watched = np.where(gone, age * rng.uniform(size=episodes), age)
    answered = rng.weibull(shape, episodes) * scale
    delay = np.where(rng.uniform(size=episodes) < never, np.inf, answered)
    day = np.linspace(0.0, horizon, TRUTH_STEPS)
    open_still = never + (1.0 - never) * np.exp(-((day / scale) ** shape))
    truth = float(np.trapezoid(open_still, day))
    return MadeDelays(np.minimum(delay, watched), delay <= watched, horizon, truth)
