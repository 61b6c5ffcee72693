"""How low a score must be before it is an alarm, so that false alarms keep to their budget.

The thresholds are not constants. For the noise and the wander that a fleet shows, many
accounts that never change are made up, of every size, and run through the same filter
and the same scores. Each size gets the pair of thresholds with which it spends the same
budget: so many false alarms per account-year, neither more for the giants nor for
accounts with two users.

Seeded and pure: the same fleet numbers give the same thresholds on every machine. The
fleet numbers are rounded to a grid first, so a simulation (a third of a second) is made
a handful of times in the life of a fleet, and is kept with the fleet's state.

Source:
    Siegmund, Sequential Analysis (1985), 2.6 (boundary by simulation of the null run length).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.usual_level import absorb, freshened, level_variance
from evenbook.engine.window_score import signed_score, window_dispersion

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SIZES = np.array([0.5, 0.8, 1.3, 2.1, 3.4, 5.5, 9.0, 15.0, 25.0, 50.0, 120.0, 400.0])
"""Expected users a week at which thresholds are found; in between they are interpolated."""
ACCOUNTS_A_SIZE = 600
YEARS = 2
WEEKS_A_YEAR = 52.0
DISPERSION_STEP = 0.2
WANDER_STEP = 0.4
HALVINGS = 9
LOWEST, HIGHEST = 1.2, 5.0


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
    """Scores at which a window is an alarm, one row a size of ``SIZES``. All positive."""

    fall_short: tuple[float, ...]
    fall_long: tuple[float, ...]
    rise_short: tuple[float, ...]
    rise_long: tuple[float, ...]


@lru_cache(maxsize=256)
def null_thresholds(fleet: NullFleet) -> Thresholds:
    """Return the thresholds with which every size spends the budget of false alarms."""
    short, long = _null_scores(fleet)
    sizes = np.repeat(np.arange(SIZES.size), ACCOUNTS_A_SIZE)
    falls = _spend(-short, -long, sizes, fleet)
    rises = _spend(short, long, sizes, fleet)
    return Thresholds(*(tuple(row.tolist()) for row in (*falls, *rises)))


def _null_scores(fleet: NullFleet) -> tuple[Floats, Floats]:
    """Return short and long scores of accounts that only wander: weeks by accounts."""
    counts = _null_counts(fleet)
    weeks, size = counts.shape
    sums = np.vstack([np.zeros((1, size)), np.cumsum(counts, axis=0)])
    level, worth = np.zeros(size), np.zeros(size)
    noise, once = np.full(size, fleet.dispersion), np.ones(size)
    short: list[Floats] = []
    long: list[Floats] = []
    lag = fleet.params.long_weeks
    for week in range(lag, weeks):
        level, worth = absorb(
            level, worth, value=counts[week - lag], exposure=once, dispersion=noise, wander=fleet.wander
        )
        if week < fleet.params.warmup_weeks - 1:
            continue
        end, middle = sums[week + 1], sums[week + 1 - fleet.params.short_weeks]
        begin = sums[week + 1 - lag]
        gap = lag - fleet.params.short_weeks
        fresh = freshened(
            level,
            worth,
            total=middle - begin,
            exposure=once * gap,
            dispersion=noise,
            wander=fleet.wander,
            span=gap,
        )
        short.append(_score(end - middle, *fresh, span=fleet.params.short_weeks, fleet=fleet))
        long.append(_score(end - begin, level, worth, span=lag, fleet=fleet))
    return np.array(short), np.array(long)


def _null_counts(fleet: NullFleet) -> Floats:
    """Return the counts of accounts that only wander: weeks by accounts, sizes in blocks."""
    rng = np.random.default_rng(fleet.params.seed)
    mean = np.repeat(SIZES, ACCOUNTS_A_SIZE)
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


def _spend(
    short: Floats, long: Floats, sizes: npt.NDArray[np.int64], fleet: NullFleet
) -> tuple[Floats, Floats]:
    """Return the two thresholds of each size that together spend the budget.

    First each window alone gets its share, then both move together until their union
    spends what is allowed.
    """

    def alone(score: Floats, share: float) -> Floats:
        return _halve(
            lambda at: _rates(score >= at[sizes], sizes, fleet),
            LOWEST,
            HIGHEST,
            target=fleet.params.target * share,
        )

    first, second = alone(short, fleet.params.short_share), alone(long, fleet.params.long_share)
    shift = _halve(
        lambda by: _rates((short >= (first + by)[sizes]) | (long >= (second + by)[sizes]), sizes, fleet),
        -0.3,
        0.5,
        target=fleet.params.target,
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


def _rates(over: Flags, sizes: npt.NDArray[np.int64], fleet: NullFleet) -> Floats:
    """Return alarms per account-year of each size, with the re-arm counted in."""
    since = np.full(sizes.size, fleet.params.rearm_weeks, dtype=np.int64)
    alarms = np.zeros(sizes.size, dtype=np.int64)
    for week in over:
        rings = week & (since >= fleet.params.rearm_weeks)
        alarms += rings
        since = np.where(rings, 1, since + 1)
    years = ACCOUNTS_A_SIZE * over.shape[0] / WEEKS_A_YEAR
    counted: Floats = np.bincount(sizes, alarms, minlength=SIZES.size).astype(np.float64)
    return counted / np.float64(years)
