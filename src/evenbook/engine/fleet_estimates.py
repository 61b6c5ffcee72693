"""What the whole fleet says about one week: the season, the noise, and how accounts wander.

Every account is seen against all the others. The *index* of a week is what the typical
account did against its own level, so a holiday dip that all share is not a fall of
each. The *dispersion* is how much noisier than chance the counts are; the *wander* how
far the true level of an account drifts in a week.

All three are robust: an account that is falling has little say in the index, a single
jump little in the dispersion, and the wander is read from the rises only, since falls
are what we look for. In a small fleet each is pulled towards a cautious start value.

Pure: arrays in, numbers out.

Sources:
    Huber, Robust Statistics (1981), 6.4 (location by iterated weights).
    Beaton and Tukey, Technometrics 16 (1974), 147-185 (the biweight).
    Efron and Morris, JASA 70 (1975), 311-319 (shrinkage by the ratio of variances).
    Rice, Ann. Statist. 12 (1984), 1215-1230 (variance from successive differences).
    Efron, JASA 99 (2004), 96-104 (the spread of the null read from the unaffected part).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenbook.engine.usual_level import SMALLEST_LEVEL, week_noise

Floats = npt.NDArray[np.float64]

HUBER_REACH = 3.5
"""Standard deviations beyond which an account's word no longer counts more."""
ROUNDS = 6
SEASON_SPREAD = 0.3
"""Before any account is heard, a week's index lies within this of 1 in the logarithm (one deviation)."""
INDEX_RANGE = (0.02, 50.0)
UPPER_CLIP = 2.5
OVERLAP = 32.0
"""Variance of a squared score (4 for one half of the bell) times the weeks that two windows share."""


@dataclass(frozen=True, slots=True)
class SeasonIndex:
    """The index of one week and the relative variance with which it is known."""

    value: float
    variance: float


def season_index(values: Floats, level: Floats, weeks: Floats, *, dispersion: float) -> SeasonIndex:
    """Return the week's index from the accounts given: 1 is an ordinary week.

    Args:
        values: users this week.
        level: what each account usually does, the season taken out.
        weeks: what that level is worth in weeks.
        dispersion: of one week.
    """
    if values.size == 0:
        return SeasonIndex(1.0, SEASON_SPREAD**2)
    usual = np.maximum(level, SMALLEST_LEVEL)
    noise = 1.0 / usual + dispersion
    information = float(np.sum(1.0 / noise))
    share = 1.0 / (noise * usual)
    spread = usual * np.sqrt(noise * (1.0 + 1.0 / np.maximum(weeks, 1.0)))
    index = _huber_ratio(values, usual, share, spread)
    variance = 1.0 / information
    trust = SEASON_SPREAD**2 / (SEASON_SPREAD**2 + variance)
    return SeasonIndex(float(np.exp(trust * np.log(index))), trust * variance)


def _huber_ratio(values: Floats, usual: Floats, share: Floats, spread: Floats) -> float:
    """Return the ratio of ``values`` to ``usual`` that outliers cannot carry away."""
    heard = share
    index = 1.0
    for _ in range(ROUNDS):
        top = float(np.sum(heard * values))
        index = min(max(top / float(np.sum(heard * usual)), INDEX_RANGE[0]), INDEX_RANGE[1])
        distance = np.abs(values - index * usual)
        reach = (HUBER_REACH * max(index, np.sqrt(index))) * spread
        heard = share * np.minimum(1.0, reach / np.maximum(distance, 1e-12))
    return index


@dataclass(frozen=True, slots=True)
class Dispersion:
    """The fleet's dispersion, and how much accounts differ in it (as a variance)."""

    fleet: float
    between: float


DISPERSION_START = 0.1
DISPERSION_RANGE = (0.002, 2.0)
DISPERSION_DOUBT = 0.1
"""Standard deviation of the start value: some fifteen weeks of one account weigh as much."""


def difference_noise(difference: Floats, poisson: Floats, *, level: Floats, dispersion: float) -> Floats:
    """Return one week's reading of ``dispersion * level**2``, from two weeks in a row.

    The difference of neighbours holds no level, no trend and no wander worth speaking
    of, so an account in free fall is as good a witness of noise as a steady one.

    Args:
        difference: users of two neighbouring weeks, the season taken out of both.
        poisson: mean Poisson variance of the two, the season taken out.
        level: what the account usually does.
        dispersion: believed so far; bounds a jump at four deviations.
    """
    noise = week_noise(level, np.full_like(level, dispersion))
    reach = 4.0 * np.maximum(level, 1.0) * np.sqrt(2.0 * noise)
    jump = np.clip(difference, -reach, reach)
    return jump * jump / 2.0 - poisson


def dispersion_doubt(level: Floats, weeks: Floats, dispersion: float) -> Floats:
    """Return the variance with which one account's own dispersion is known."""
    noise = week_noise(level, np.full_like(level, dispersion))
    return (3.0 + 6.0 * noise) * noise * noise / np.maximum(weeks, 1.0)


def fleet_dispersion(own: Floats, doubt: Floats, *, believed: float) -> Dispersion:
    """Return the fleet's dispersion and the spread between accounts.

    Args:
        own: dispersion as each account shows it; may be negative by chance.
        doubt: its variance.
        believed: last week's value, where the rounds begin.
    """
    fleet = believed
    weight = 1.0 / doubt
    start = 1.0 / DISPERSION_DOUBT**2
    reach = HUBER_REACH * np.sqrt(doubt)
    for _ in range(ROUNDS):
        bounded = np.clip(own, fleet - reach, fleet + reach)
        total = float(np.sum(weight)) + start
        fleet = (float(np.sum(weight * bounded)) + start * DISPERSION_START) / total
        fleet = min(max(fleet, DISPERSION_RANGE[0]), DISPERSION_RANGE[1])
    squares = (np.clip(own, fleet - reach, fleet + reach) - fleet) ** 2
    between = float(np.sum(weight * (squares - doubt))) / (float(np.sum(weight)) + start)
    return Dispersion(fleet, max(between, 0.0))


def shrunk_dispersion(own: Floats, doubt: Floats, fleet: Dispersion) -> Floats:
    """Return each account's dispersion, pulled to the fleet's as far as it is doubtful."""
    trust = fleet.between / (fleet.between + doubt)
    shrunk = fleet.fleet + trust * (own - fleet.fleet)
    return np.clip(shrunk, fleet.fleet / 4.0, min(fleet.fleet * 8.0, DISPERSION_RANGE[1]))


SHARED_REACH = 1.5
"""Deviations beyond which an account says nothing of what all share: it has news of its own."""
SHARED_ROUNDS = 3
SHARED_SPREAD = 0.03
"""Deviation of the logarithm of what weekly indices leave over, before any account is heard."""


def shared_error(score: Floats, spread: Floats) -> float:
    """Return the logarithm of the error that all accounts share in one window.

    A weekly index cannot yet tell an account that has just begun to fall from a noisy
    one, so it leans a little towards the falls. Over a window of weeks the two part, and
    the bulk of the fleet shows by how much the index was off.

    Args:
        score: of the window, less what an unchanged account of its size scores on average.
        spread: relative deviation of the window around its expectation.
    """
    start = 1.0 / SHARED_SPREAD**2
    error = 0.0
    for _ in range(SHARED_ROUNDS):
        inside = np.minimum(((score - error / spread) / SHARED_REACH) ** 2, 1.0)
        pull = (score - error / spread) * (1.0 - inside) ** 2
        slope = (1.0 - inside) * (1.0 - 5.0 * inside)
        total = float(np.sum(slope / (spread * spread)))
        error += (float(np.sum(pull / spread)) - start * error) / (max(total, 0.0) + start)
    return error


def bulk_center(scores: Floats) -> float:
    """Return the center of the bulk of some scores, as ``shared_error`` would see it."""
    center = 0.0
    for _ in range(SHARED_ROUNDS):
        inside = np.minimum(((scores - center) / SHARED_REACH) ** 2, 1.0)
        slope = float(np.sum((1.0 - inside) * (1.0 - 5.0 * inside)))
        center += float(np.sum((scores - center) * (1.0 - inside) ** 2)) / max(slope, 1.0)
    return center


@dataclass(frozen=True, slots=True)
class WanderReading:
    """One week's reading of the squared wander, with the weight it deserves."""

    total: float
    weight: float


WANDER_START = 0.02
WANDER_DOUBT = 0.0004
"""Standard deviation of the squared wander before any account is heard."""
WANDER_WEEK_WEIGHT = 0.1 / WANDER_DOUBT**2
"""Most that one week may weigh: accounts share the errors of the index, so many say little more than some."""
WANDER_RANGE = (0.004, 0.1)


def upper_square(score: Floats) -> Floats:
    """Return the squares of the scores above zero, bounded; zero for the others."""
    square: Floats = np.clip(score, 0.0, UPPER_CLIP) ** 2
    return square


def wander_reading(
    score: Floats, variance: Floats, *, usual: Floats, believed: float, lag_weeks: float
) -> WanderReading:
    """Return what this week's rises say of the wander.

    If the noise were all explained, the squares above zero would average what they do in
    a fleet without change. What is over is laid to the wander between level and window.

    Args:
        score: of the long window, less what an unchanged account of its size scores on average.
        variance: relative variance of the window around its expectation, all told.
        usual: mean of ``upper_square`` for an unchanged account of its size.
        believed: wander that ``variance`` already holds.
        lag_weeks: weeks between the level and the middle of the window.
    """
    if score.size == 0:
        return WanderReading(0.0, 0.0)
    excess = (upper_square(score) / usual - 1.0) * variance / lag_weeks
    weight = np.minimum((lag_weeks / variance) ** 2 / OVERLAP, WANDER_WEEK_WEIGHT)
    total = float(np.sum(weight * (excess + believed * believed)))
    heard = float(np.sum(weight))
    share = min(1.0, WANDER_WEEK_WEIGHT / heard)
    return WanderReading(share * total, share * heard)


def wander(total: float, weight: float) -> float:
    """Return the wander from the readings summed so far."""
    start = 1.0 / WANDER_DOUBT**2
    square = (total + start * WANDER_START**2) / (weight + start)
    return float(np.sqrt(min(max(square, WANDER_RANGE[0] ** 2), WANDER_RANGE[1] ** 2)))
