"""How low a score must be before it is an alarm, so that false alarms keep to their budget.

The thresholds are not constants. For the noise and the wander that a fleet shows, many
accounts that never change are made up, of every size, and run through the same filter
and the same scores. Each size gets the pair of thresholds with which it spends the same
budget: so many false alarms per account-year, neither more for the giants nor for
accounts with two users.

Seeded and pure: the same fleet numbers give the same thresholds on every machine. The
fleet numbers are rounded to a grid first, so a simulation (0.7 s) is made a handful of
times in the life of a fleet, and is kept with the fleet's state. For the usual setting of
the detector and the noise that fleets have, the simulations are made beforehand
(`tools/thresholds.py`) and lie beside this module.

Source:
    Siegmund, Sequential Analysis (1985), 2.6 (boundary by simulation of the null run length).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_estimates import bulk_center, upper_square
from evenbook.engine.usual_level import absorb, freshened, level_variance
from evenbook.engine.window_score import signed_score, window_dispersion

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Places = npt.NDArray[np.int64]
Weeks = npt.NDArray[np.int32]

SMALLEST, LARGEST, STEPS = 0.35, 400.0, 18
SIZES = np.geomspace(SMALLEST, LARGEST, STEPS)
"""Expected users a week at which thresholds are found; each account takes those of the nearest."""
NEVER = 9999
"""Weeks since something that has not happened."""
ACCOUNTS = 7200
SMALLEST_MADE, LARGEST_MADE = 0.2, 600.0
YEARS = 2
WEEKS_A_YEAR = 52.0
DISPERSION_STEP = 0.2
WANDER_STEP = 0.4
HALVINGS = 9
LOWEST, HIGHEST = 1.2, 5.0
DECIMALS = 4
"""Of a threshold: a hundredth of what halving leaves open, and the same on every machine."""
MADE_BEFOREHAND = "null_thresholds.npz"


@dataclass(frozen=True, slots=True)
class NullFleet:
    """What the thresholds depend on. Hashable, so results are kept.

    ``dispersion_key`` and ``wander_key`` are grid steps of the logarithm.
    """

    dispersion_key: int
    wander_key: int
    params: DetectorParams

    @property
    def dispersion(self) -> float:
        """Relative variance of one week beyond Poisson."""
        return float(np.exp(self.dispersion_key * DISPERSION_STEP))

    @property
    def wander(self) -> float:
        """Standard deviation of a week's step of the logarithm of the level."""
        return float(np.exp(self.wander_key * WANDER_STEP))


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Scores at which a window is an alarm, one entry a size of ``SIZES``; all positive.

    ``center_short`` and ``center_long`` are what the bulk of unchanged accounts scores: a
    little below zero, since counts lean to the right. ``upper_square`` is the mean square
    of the long scores above that center, zero below it: what rises spread without any
    wander beyond the fleet's.
    """

    fall_short: tuple[float, ...]
    fall_long: tuple[float, ...]
    rise_short: tuple[float, ...]
    rise_long: tuple[float, ...]
    center_short: tuple[float, ...]
    center_long: tuple[float, ...]
    upper_square: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class NullScores:
    """Scores of made-up accounts that only wander: weeks by accounts.

    ``size`` is the place in ``SIZES`` that is nearest to what is expected of the account
    in that week: by what the detector believes, not by the truth.
    """

    short: Floats
    long: Floats
    size: Places


def null_thresholds(fleet: NullFleet) -> Thresholds:
    """Return the thresholds with which every size spends the budget of false alarms."""
    key = fleet.dispersion_key, fleet.wander_key
    if fleet.params == DetectorParams() and key in made_beforehand():
        return made_beforehand()[key]
    return simulated(fleet)


@cache
def made_beforehand() -> dict[tuple[int, int], Thresholds]:
    """Return the thresholds of the usual setting, by the steps of noise and wander."""
    with resources.files(__package__).joinpath(MADE_BEFOREHAND).open("rb") as file:
        kept = np.load(file)
        keys, found = kept["keys"].tolist(), (kept["thresholds"] / 10**DECIMALS).tolist()
    return {
        (dispersion, wander): Thresholds(*map(tuple, rows))
        for (dispersion, wander), rows in zip(keys, found, strict=True)
    }


@lru_cache(maxsize=256)
def simulated(fleet: NullFleet) -> Thresholds:
    """Return the thresholds of a fleet from made-up accounts that never change."""
    scores = null_scores(fleet)
    falls = _spend(NullScores(-scores.short, -scores.long, scores.size), fleet)
    rises = _spend(scores, fleet)
    short, long = _centers(scores.short, scores.size), _centers(scores.long, scores.size)
    upper = _means(upper_square(scores.long - long[scores.size]), scores.size)
    rows = np.round([*falls, *rises, short, long, upper], DECIMALS)
    return Thresholds(*map(tuple, rows.tolist()))


def _centers(scores: Floats, size: Places) -> Floats:
    """Return the center of the bulk of scores, of each size."""
    return np.array([bulk_center(scores[size == place]) for place in range(SIZES.size)])


def _means(values: Floats, size: Places) -> Floats:
    """Return the mean of the values of each size."""
    place = size.ravel()
    total = np.bincount(place, values.ravel(), minlength=SIZES.size)
    return total / np.maximum(np.bincount(place, minlength=SIZES.size), 1)


def null_scores(fleet: NullFleet) -> NullScores:
    """Return the scores of accounts of every size that only wander."""
    counts = _null_counts(fleet)
    weeks, accounts = counts.shape
    sums = np.vstack([np.zeros((1, accounts)), np.cumsum(counts, axis=0)])
    level, worth = np.zeros(accounts), np.zeros(accounts)
    noise, once = np.full(accounts, fleet.dispersion), np.ones(accounts)
    short, long, expected = [], [], []
    lag, span = fleet.params.long_weeks, fleet.params.short_weeks
    for week in range(lag, weeks):
        level, worth = absorb(
            level, worth, value=counts[week - lag], exposure=once, dispersion=noise, wander=fleet.wander
        )
        if week < fleet.params.warmup_weeks - 1:
            continue
        end, middle, begin = sums[week + 1], sums[week + 1 - span], sums[week + 1 - lag]
        fresh = freshened(
            level,
            worth,
            total=middle - begin,
            exposure=once * (lag - span),
            dispersion=noise,
            wander=fleet.wander,
            span=lag - span,
        )
        short.append(_score(end - middle, *fresh, span=span, fleet=fleet))
        long.append(_score(end - begin, level, worth, span=lag, fleet=fleet))
        expected.append(fresh[0])
    return NullScores(np.array(short), np.array(long), nearest_size(np.array(expected)))


def nearest_size(expected: Floats) -> Places:
    """Return the place in ``SIZES`` that is nearest in the logarithm; NaN goes to the smallest."""
    width = np.log(LARGEST / SMALLEST) / (STEPS - 1)
    place = np.log(np.clip(np.fmax(expected, SMALLEST), SMALLEST, LARGEST) / SMALLEST) / width
    nearest: Places = np.rint(place).astype(np.int64)
    return nearest


def _null_counts(fleet: NullFleet) -> Floats:
    """Return the counts of accounts that only wander: weeks by accounts, evenly over the sizes."""
    rng = np.random.default_rng(fleet.params.seed)
    mean = np.exp(np.linspace(np.log(SMALLEST_MADE), np.log(LARGEST_MADE), ACCOUNTS))
    weeks = fleet.params.warmup_weeks + int(YEARS * WEEKS_A_YEAR)
    shape = 1.0 / fleet.dispersion
    drift = np.cumsum(fleet.wander * rng.standard_normal((weeks, mean.size)), axis=0)
    noise = rng.gamma(shape, 1.0 / shape, (weeks, mean.size))
    return rng.poisson(mean * np.exp(drift) * noise).astype(np.float64)


def _score(seen: Floats, level: Floats, worth: Floats, *, span: int, fleet: NullFleet) -> Floats:
    noise = np.full(level.size, fleet.dispersion)
    known = level_variance(level, worth, noise) + fleet.wander**2 * lag_weeks(span)
    exposure = np.full(level.size, float(span))
    return signed_score(seen, exposure * level, window_dispersion(noise, exposure, exposure, known))


def lag_weeks(span: int) -> float:
    """Return the weeks between the level's last week and the middle of a window of ``span`` weeks."""
    return (span + 1) / 2.0


def _spend(scores: NullScores, fleet: NullFleet) -> tuple[Floats, Floats]:
    """Return the two thresholds of each size that together spend the budget.

    First each window alone gets its share, then both move together until their union
    spends what is allowed. Scores above a threshold are alarms.
    """
    params, size = fleet.params, scores.size

    def rates(over: Flags) -> Floats:
        return alarm_rates(over, scores, params=params)

    def alone(score: Floats, share: float) -> Floats:
        return _halve(lambda at: rates(score >= at[size]), LOWEST, HIGHEST, target=params.target * share)

    first, second = alone(scores.short, params.short_share), alone(scores.long, params.long_share)
    shift = _halve(
        lambda by: rates((scores.short >= (first + by)[size]) | (scores.long >= (second + by)[size])),
        -0.3,
        0.5,
        target=params.target,
    )
    return first + shift, second + shift


def _halve(rates: Callable[[Floats], Floats], low: float, high: float, *, target: float) -> Floats:
    """Return, per size, the least point at which the rate is no more than ``target``."""
    lower, upper = np.full(SIZES.size, low), np.full(SIZES.size, high)
    for _ in range(HALVINGS):
        middle = (lower + upper) / 2.0
        too_many = rates(middle) > target
        lower, upper = np.where(too_many, middle, lower), np.where(too_many, upper, middle)
    return upper


def alarm_rates(over: Flags, scores: NullScores, *, params: DetectorParams) -> Floats:
    """Return alarms per account-year of each size, with the quiet weeks after each counted in.

    Args:
        over: weeks by accounts, whether a threshold is passed.
        scores: of the same weeks; high is what is looked for.
        params: how the detector is set.
    """
    since: Weeks = np.full(over.shape[1], NEVER, dtype=np.int32)
    alarms = np.zeros(SIZES.size)
    for week, back, size in zip(over, scores.short <= params.back_score, scores.size, strict=True):
        rings = week & (since >= params.rearm_weeks)
        alarms += np.bincount(size[rings], minlength=SIZES.size)
        since = weeks_since(since, rings, back, params=params)
    years = np.bincount(scores.size.ravel(), minlength=SIZES.size) / WEEKS_A_YEAR
    return alarms / np.maximum(years, 1e-9)


def weeks_since(since: Weeks, alarm: Flags, back: Flags, *, params: DetectorParams) -> Weeks:
    """Return the weeks since the last alarm, as the next week will see them.

    An account is quiet for ``rearm_weeks`` after an alarm. If a whole short window after
    the alarm is back at the usual level, the quiet ends early.
    """
    grown = since + 1
    np.putmask(grown, (back & (since >= params.short_weeks)) | (grown > NEVER), NEVER)
    np.putmask(grown, alarm, 1)
    return grown
