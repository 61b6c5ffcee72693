"""From which weekly volume on the quality of work falls, if from any.

Below the ceiling a person's quality is their own; past it everybody's falls by the same with each
further interaction. The ceiling is found by trying every place (least squares with person effects,
weeks of more interactions weighed more), its interval by drawing people anew.

Heavy weeks may be worse for another reason: escalations bring more work and worse scores at once. They
are modeled (``ceiling_escalations``), and a ceiling is reported only if it explains what escalations do
not. Where they may be there, drawing people anew is not doubt enough: it moves the place, and escalations
stay about as they were found. So the interval then also holds every place that is about as likely as the
best, escalations fitted anew at each. Nothing is said where the data are silent: too little gained, no
fall that is sure, an interval too wide to act on, or a ceiling at the end of what was seen.

Sources:
    Muggeo, Statistics in Medicine 22 (2003), 3055-3071 (regression with an unknown break);
    Davison and Hinkley, Bootstrap Methods and their Application (1997), 3.8 (drawing blocks);
    Venzon and Moolgavkar, Applied Statistics 37 (1988), 87-94 (an interval by profile likelihood).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenbook.engine.ceiling_escalations import (
    Curves,
    climbed,
    near,
    with_escalations,
    without_escalations,
)
from evenbook.engine.ceiling_rows import Rows, rows
from evenbook.engine.given_arrays import Floats, floats, labels, same_length

GAIN = 20.0
"""Twice the log-likelihood that a ceiling must explain beyond escalations."""
ESCALATIONS_GAIN = 10.0
"""The same that escalations must explain beyond a ceiling to have a say in where it lies."""
DOUBTFUL_GAIN = 2.0
"""From here on either account of heavy weeks may hold, so the interval reaches to both places."""
WIDEST = 3.0
"""Interactions a week; a wider interval is no answer."""
FEWEST_ROWS, FEWEST_PEOPLE = 40, 2
ROUNDS, ROUNDS_DRAWN = 60, 15
FARTHEST_BELOW = 25.0
"""Log-likelihood below the best at which a place is not tried again for people drawn anew."""
DRAWS, DRAWS_WITH_ESCALATIONS = 200, 60
TAIL = 0.1
LIKELY = 2.705543454095416
"""Twice the log-likelihood below the best within which a place is held: chi-square's 90% for one number. Its
80% (1.64) held too few: the likelihood of a break is no parabola (measured on tuning seeds)."""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """A ceiling that the data show.

    Attributes:
        value: interactions a week.
        interval_80: its lower and upper end, meant to hold it with a chance of 80%; how often it does
            where escalation weeks confound is measured (docs/benchmarks.md).
        slope: change of quality with each interaction past it, negative.
        escalations: whether escalation weeks were seen and allowed for.
    """

    value: float
    interval_80: tuple[float, float]
    slope: float
    escalations: bool = False


def fit_ceiling(
    volume: npt.ArrayLike, quality: npt.ArrayLike, person: npt.ArrayLike, *, seed: int
) -> Ceiling | None:
    """Return the ceiling that weeks of people show, or None where they show none.

    None too with fewer than two people or 40 weeks, with volumes or qualities that do not differ, and
    with everything missing.

    Args:
        volume: float, per person and week, interactions, 0 or more. NaN: not known.
        quality: float, its mean quality, in any unit, more is better. NaN: not scored. Rows with
            either unknown are left out.
        person: per row, any whole number.
        seed: of the people drawn for the interval.

    Raises:
        UnusableArrays: lengths differ, a volume is negative, something is infinite or not a number.
    """
    seen, scored = floats("volume", volume, at_least=0.0), floats("quality", quality)
    owner = labels("person", person)
    same_length(volume=seen, quality=scored, person=owner)
    known = np.isfinite(seen) & np.isfinite(scored)
    owner = np.unique(owner[known], return_inverse=True)[1].reshape(-1).astype(np.int64)
    if owner.size < FEWEST_ROWS or int(owner.max()) + 1 < FEWEST_PEOPLE:
        return None
    ready = rows(seen[known], scored[known], owner)
    return None if ready is None else _found(ready, seed=seed)


def _found(ready: Rows, *, seed: int) -> Ceiling | None:
    once = np.ones(ready.person.size)
    plain = without_escalations(ready, once)
    mixed = with_escalations(ready, once, rounds=ROUNDS)
    if _gain(mixed) < GAIN or _is_outermost(mixed):
        return None
    explained = 2.0 * float(mixed.likelihood[:-1].max() - plain.likelihood[:-1].max())
    allowed = explained > ESCALATIONS_GAIN
    curves, other = (mixed, plain) if allowed else (plain, mixed)
    value, slope = _peak(ready.places, curves)
    drawn = _drawn(ready, curves, allowed=allowed, seed=seed)
    low, high = (float(each) for each in np.quantile(drawn[:, 0], [TAIL, 1.0 - TAIL]))
    sure = float(np.quantile(drawn[:, 1], 1.0 - TAIL)) < 0.0
    if not sure or high - low > WIDEST or _is_outermost(curves):
        return None
    if explained > DOUBTFUL_GAIN:
        ends = (low, high, _peak(ready.places, other)[0], *_as_likely(ready.places, mixed))
        low, high = min(ends), max(ends)
    low, high = min(low, value), max(high, value)
    return None if high - low > WIDEST else Ceiling(value, (low, high), slope, allowed)


def _gain(curves: Curves) -> float:
    """Return what the best ceiling explains beyond none."""
    return 2.0 * float(curves.likelihood[:-1].max() - curves.likelihood[-1])


def _is_outermost(curves: Curves) -> bool:
    """Return whether the best place is the first or the last tried."""
    best = int(np.argmax(curves.likelihood[:-1]))
    return best in {0, curves.likelihood.size - 2}


def _peak(places: Floats, curves: Curves) -> tuple[float, float]:
    """Return the best place, between the places tried by a parabola, and the slope there."""
    height = curves.likelihood[:-1]
    best = int(np.argmax(height))
    value, slope = float(places[best]), float(curves.slope[best])
    if 0 < best < height.size - 1:
        before, at, after = height[best - 1 : best + 2]
        bend = before - 2.0 * at + after
        if bend < 0.0:
            value += float(0.5 * (before - after) / bend) * float(places[1] - places[0])
    return value, slope


def _as_likely(places: Floats, curves: Curves) -> tuple[float, float]:
    """Return the ends of what is about as likely as the best place, between the places tried by lines."""
    height = curves.likelihood[:-1]
    least = float(height.max()) - LIKELY / 2.0
    held = np.flatnonzero(height >= least)
    first, last = int(held[0]), int(held[-1])
    low, high = float(places[first]), float(places[last])
    if first > 0:
        low -= float(places[first] - places[first - 1]) * _way(height[first], height[first - 1], least)
    if last < height.size - 1:
        high += float(places[last + 1] - places[last]) * _way(height[last], height[last + 1], least)
    return low, high


def _way(at: float, beyond: float, least: float) -> float:
    """Return which part of the way from one place to the next its height falls to ``least``."""
    return float((at - least) / (at - beyond))


def _drawn(ready: Rows, curves: Curves, *, allowed: bool, seed: int) -> Floats:
    """Return ceilings and slopes of people drawn anew, one draw a row."""
    rng = np.random.default_rng(seed)
    people = ready.first.size
    height = curves.likelihood[:-1]
    kept = height > height.max() - FARTHEST_BELOW
    ready, curves, found = (ready.near(kept), near(curves, kept), []) if allowed else (ready, curves, [])
    for _ in range(DRAWS_WITH_ESCALATIONS if allowed else DRAWS):
        often = np.bincount(rng.integers(0, people, people), minlength=people)
        times = often[ready.person].astype(np.float64)
        if allowed:
            there = climbed(ready, times, begun=curves, rounds=ROUNDS_DRAWN)
        else:
            there = without_escalations(ready, times)
        found.append(_peak(ready.places, there))
    return np.array(found)
