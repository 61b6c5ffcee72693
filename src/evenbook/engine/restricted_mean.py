"""How long something takes when part of it has not happened yet.

Averaging what has happened is too short: what takes long is still open. The Kaplan-Meier curve counts
the open ones for as long as they have been watched; the area under it up to a horizon is the mean
time within the horizon.

Sources:
    Kaplan and Meier, JASA 53 (1958), 457-481 (the curve; the variance of its area, section 6.2);
    Klein and Moeschberger, Survival Analysis, 2nd ed. (2003), 4.5 (the mean, small samples).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Flags, Floats, UnusableArrays, flags, floats, same_length

TAIL = 0.1
NORMAL_TAIL = 1.2815515655446004


class RestrictedMean(NamedTuple):
    """The mean time within a horizon, in days, and an interval that holds it with a chance of 80%."""

    mean: float
    interval_80: tuple[float, float]


def time_to_event(days: npt.ArrayLike, observed: npt.ArrayLike, horizon: float) -> RestrictedMean:
    """Return the mean days to the event, none counted beyond the horizon.

    What happens after the horizon, or never, counts as the horizon. If nothing was watched up to the
    horizon, what was open last is taken to stay open: the mean is then rather too long than too
    short. If nothing happened at all, the mean is the horizon and the interval's lower end rests on the
    days watched. A single row says nothing of the spread, its interval is all of the horizon. Without
    any row mean and interval are NaN.

    Args:
        days: float, 0 or more: to the event, or for as long as it was watched without one.
        observed: bool, whether the event happened then.
        horizon: days above 0.

    Raises:
        UnusableArrays: lengths differ, a time is missing, negative or infinite, or the horizon is
            not above 0.
    """
    times, happened = floats("days", days, at_least=0.0), flags("observed", observed)
    same_length(days=times, observed=happened)
    if bool(np.isnan(times).any()):
        raise UnusableArrays(
            "days has gaps.", fix="What is still open has the days it was watched, with observed false."
        )
    if not 0.0 < horizon < math.inf:
        raise UnusableArrays(f"The horizon is {horizon:g} days.", fix="Give a number of days above 0.")
    if not times.size:
        return RestrictedMean(math.nan, (math.nan, math.nan))
    return _restricted(times, happened, float(horizon))


def _restricted(times: Floats, happened: Flags, horizon: float) -> RestrictedMean:
    happened = happened & (times <= horizon)
    moments, ended = np.unique(times[happened], return_counts=True)
    watched = times.size - np.searchsorted(np.sort(times), moments, side="left")
    left = np.cumprod(1.0 - ended / watched)
    area = np.diff(np.concatenate([moments, [horizon]])) * left
    mean = float((moments[0] if moments.size else horizon) + area.sum())
    if times.size == 1 and moments.size:
        return RestrictedMean(mean, (0.0, horizon))
    if not moments.size:
        return RestrictedMean(mean, (_soonest(float(np.minimum(times, horizon).sum()), horizon), horizon))
    return RestrictedMean(mean, _interval(mean, _variance(area, ended=ended, watched=watched), horizon))


def _soonest(watched: float, horizon: float) -> float:
    """Return the mean at the highest steady rate under which no event in so many days is not yet odd."""
    if not watched:
        return 0.0
    rate = -math.log(TAIL) / watched
    return -math.expm1(-rate * horizon) / rate


def _variance(area: Floats, *, ended: npt.NDArray[np.int64], watched: npt.NDArray[np.int64]) -> float:
    """Return Greenwood's variance of the area; ``area`` is what lies between an event and the next."""
    after = np.cumsum(area[::-1])[::-1]
    survivors = watched - ended
    shares = np.divide(ended, watched * survivors, out=np.zeros(ended.size), where=survivors > 0)
    events = int(ended.sum())
    return float(after**2 @ shares) * (events / (events - 1) if events > 1 else 1.0)


def _interval(mean: float, variance: float, horizon: float) -> tuple[float, float]:
    """Return the ends, symmetric in the logit of the mean's place below the horizon."""
    if not 0.0 < mean < horizon or variance <= 0.0:
        return mean, mean
    place = math.log(mean / (horizon - mean))
    reach = NORMAL_TAIL * math.sqrt(variance) * horizon / (mean * (horizon - mean))
    ends = [horizon / (1.0 + math.exp(-each)) for each in (place - reach, place + reach)]
    return ends[0], ends[1]
