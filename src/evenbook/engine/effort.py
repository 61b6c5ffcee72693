"""What makes an account take more hours, learned from the hours that were logged.

The same product of multipliers as the defaults, each pulled towards its default by as much as the
data leave open; signs are kept: what is said to raise effort is never found to lower it. Hours that
were not logged are modeled and not read as zero (``effort_unlogged``, ``effort_model``).

What is not known beforehand (how far a company lies from the defaults, how logging goes wrong) is
not chosen but averaged over, each possibility by its evidence; so intervals hold that doubt too.
An interval is the data's own and may reach over 1, although the multiplier does not.

The fit is *adopted* where, on people it was not fitted on, hours are nearer to it than to the
defaults by more than chance does. With few data it seldom is, and the defaults stand.

Sources:
    Hoerl and Kennard, Technometrics 12 (1970), 55-67 (ridge);
    Hoeting et al., Statistical Science 14 (1999), 382-401 (averaging of models);
    the parts cite theirs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evenbook.engine.effort_design import Design, design
from evenbook.engine.effort_heldout import Heldout, heldout
from evenbook.engine.effort_model import Fitted, Setting, fitted, start
from evenbook.engine.effort_signs import nearest_signed
from evenbook.engine.given_arrays import Flags, Floats

PULLS = ((0.1, 0.1), (0.2, 0.2), (0.35, 0.5), (0.55, 0.2))
"""Deviations of a company's log-multipliers around the defaults, with their weights beforehand."""
USUAL_PULL = 0.35
SEES = ((0.0, 0.3), (0.33, 0.25), (0.67, 0.2), (1.0, 0.25))
LINKS = ((0.0, 0.75), (0.6, 0.25))
PERSONS = ((False, 0.5), (True, 0.5))
LOSING = 5.0
"""A way of logging whose log-evidence lies so far below the best is dropped."""
TAIL = 0.1
PLUGGED_IN = 1.08
"""Intervals are wider by this: variances are estimated and then taken as known (measured on tuning seeds)."""
NORMAL_TAIL = 1.2815515655446004


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learned.

    Attributes:
        multipliers: one array a factor, a multiplier a level, above 0, on its default's side of 1.
        intervals_80: one array a factor, levels by 2: the lower and upper end for each multiplier,
            with a chance of 80%. A reference has (1, 1).
        heldout_error: mean distance of hours from this fit on people it was not fitted on, as a
            share of the mean hours; each person's total is given. NaN where nothing could be held out.
        default_error: the same of the defaults.
        adopted: whether the fit is better there by more than chance does.
        adopted_factors: the same factor by factor; false for all where ``adopted`` is.
        proposed: the multipliers of adopted factors, and the defaults of the others.
        base_hours: logged hours a week of an account whose multipliers are all 1, per person of
            usual completeness. NaN where no hour was logged.
        pull: deviation of the log-multipliers around the defaults, as the data have it.
        accounts: how many were learned from.
        unlogged_share: share of them without an hour.
    """

    multipliers: tuple[Floats, ...]
    intervals_80: tuple[Floats, ...]
    heldout_error: float
    default_error: float
    adopted: bool
    adopted_factors: Flags
    proposed: tuple[Floats, ...]
    base_hours: float
    pull: float
    accounts: int
    unlogged_share: float


def fit_effort(  # noqa: PLR0917 (the order of the arrays is agreed with those who call it)
    hours: npt.ArrayLike,
    exposure_weeks: npt.ArrayLike,
    levels: npt.ArrayLike,
    defaults: Sequence[npt.ArrayLike],
    person: npt.ArrayLike,
    *,
    seed: int,
) -> Fit:
    """Return the multipliers of effort that logged hours speak for.

    Without any logged hour the defaults stand, with the intervals that companies usually lie in.
    A factor with one level, or with a level that no account has, keeps its default there as well.

    Args:
        hours: float, per account, logged in its whole exposure. 0: none were logged, which may mean
            unlogged. NaN: not known, the account is left out.
        exposure_weeks: float, per account, weeks in which hours could be logged; 0 or NaN leaves the
            account out.
        levels: int, accounts by factors, the level's place among its defaults.
        defaults: one array a factor, default multiplier of each level. One level at 1 is the
            reference and stays there.
        person: per account, who logs for it; any whole numbers.
        seed: of the split into people that are fitted on and held out.

    Raises:
        UnusableArrays: shapes do not fit, hours are negative or infinite, a default is not above
            0, or a level has no default.
    """
    known = design(hours, exposure_weeks, levels, defaults, person=person)
    given = tuple(np.array(each, dtype=np.float64) for each in defaults)
    if not bool(known.logged.any()):
        return _nothing_learned(known, given)
    fits, chances = _fits(known)
    found = _Found(known, fits, chances)
    logs = found.signed()
    best = fits[int(np.argmax(chances))]
    held = heldout(known, best, seed=seed)
    return _told(found, logs, held, defaults=given, best=best)


def _fits(known: Design) -> tuple[list[Fitted], Floats]:
    """Return the fits that are averaged, and the chance of each."""
    state, ways = start(known), []
    for sees, before in SEES:
        for link, link_before in LINKS:
            for person, person_before in PERSONS:
                fit = fitted(known, Setting(USUAL_PULL, sees, link, person), state)
                state = fit.state
                ways.append((fit, math.log(before * link_before * person_before)))
        if bool(known.logged.all()):
            break
    most = max(fit.evidence + chance for fit, chance in ways)
    kept = [(fit, chance) for fit, chance in ways if fit.evidence + chance > most - LOSING]
    fits = [
        (fitted(known, replace(way.setting, pull=pull), way.state), chance + math.log(before))
        for way, chance in kept
        for pull, before in PULLS
    ]
    logs = np.array([fit.evidence + chance for fit, chance in fits])
    chances = np.exp(logs - logs.max())
    return [fit for fit, _ in fits], chances / chances.sum()


@dataclass(frozen=True, slots=True)
class _Found:
    """Fits with their chances, read as one."""

    known: Design
    fits: list[Fitted]
    chances: Floats

    def mean(self) -> Floats:
        """Return the mean log-multipliers."""
        mean: Floats = self.chances @ np.array([fit.logs for fit in self.fits])
        return mean

    def covariance(self) -> Floats:
        """Return their covariance, the differences between fits in it."""
        mean, size = self.mean(), self.known.center.size
        total = np.zeros((size, size))
        for chance, fit in zip(self.chances, self.fits, strict=True):
            off = fit.logs - mean
            total += chance * (fit.covariance[1:-2, 1:-2] + np.outer(off, off))
        return total

    def signed(self) -> Floats:
        """Return the most likely log-multipliers that have the signs of the defaults."""
        sign = np.sign(self.known.center)
        return nearest_signed(self.mean(), self.covariance(), sign)

    def interval(self) -> Floats:
        """Return lower and upper ends of the log-multipliers."""
        centers = np.array([fit.logs for fit in self.fits])
        spreads = PLUGGED_IN * np.array([np.sqrt(np.diag(fit.covariance))[1:-2] for fit in self.fits])
        ends = [_quantile(centers, spreads, self.chances, at) for at in (TAIL, 1.0 - TAIL)]
        return np.stack(ends, axis=1)

    def pull(self) -> float:
        """Return the deviation around the defaults that the data speak for."""
        return float(self.chances @ np.array([fit.setting.pull for fit in self.fits]))


def _quantile(centers: Floats, spreads: Floats, chances: Floats, at: float) -> Floats:
    """Return a quantile of mixtures of normals, by bisection: fits by weights in, weights out."""
    low, high = (centers - 6.0 * spreads).min(axis=0), (centers + 6.0 * spreads).max(axis=0)
    for _ in range(40):
        middle = (low + high) / 2.0
        below = chances @ _normal((middle - centers) / spreads)
        low, high = np.where(below < at, middle, low), np.where(below < at, high, middle)
    middle_at: Floats = (low + high) / 2.0
    return middle_at


def _normal(score: Floats) -> Floats:
    """Return the standard normal's distribution function."""
    flat = [0.5 * math.erfc(-each / math.sqrt(2.0)) for each in score.ravel()]
    return np.array(flat).reshape(score.shape)


def _spread_out(free: Floats, known: Design, reference: Sequence[Floats]) -> tuple[Floats, ...]:
    """Return one array a factor, shaped as ``reference``, of values of the free levels; 0 elsewhere."""
    spread = [np.zeros((each.size, *free.shape[1:])) for each in reference]
    for value, (factor, level) in zip(free, known.free, strict=True):
        spread[factor][level] = value
    return tuple(spread)


def _nothing_learned(known: Design, defaults: tuple[Floats, ...]) -> Fit:
    reach = np.array([-1.0, 1.0]) * NORMAL_TAIL * USUAL_PULL
    around = _spread_out(known.center[:, None] + reach, known, defaults)
    return Fit(
        multipliers=defaults,
        intervals_80=tuple(np.exp(each) for each in around),
        heldout_error=math.nan,
        default_error=math.nan,
        adopted=False,
        adopted_factors=np.zeros(len(defaults), dtype=np.bool_),
        proposed=defaults,
        base_hours=math.nan,
        pull=USUAL_PULL,
        accounts=known.hours.size,
        unlogged_share=1.0 if known.hours.size else math.nan,
    )


def _told(found: _Found, logs: Floats, held: Heldout, *, defaults: tuple[Floats, ...], best: Fitted) -> Fit:
    known, interval = found.known, found.interval()
    interval = np.stack([np.minimum(interval[:, 0], logs), np.maximum(interval[:, 1], logs)], axis=1)
    off = (known.center < interval[:, 0]) | (known.center > interval[:, 1])
    factors = np.array([factor for factor, _ in known.free], dtype=np.int64)
    speaks = np.array([bool(off[factors == factor].any()) for factor in range(len(defaults))], dtype=np.bool_)
    adopted = held.is_better & speaks & held.factor_helps(len(defaults))
    multipliers = tuple(np.exp(each) for each in _spread_out(logs, known, defaults))
    return Fit(
        multipliers=multipliers,
        intervals_80=tuple(np.exp(each) for each in _spread_out(interval, known, defaults)),
        heldout_error=held.error,
        default_error=held.default_error,
        adopted=bool(adopted.any()),
        adopted_factors=adopted,
        proposed=tuple(
            learned if taken else default
            for learned, taken, default in zip(multipliers, adopted, defaults, strict=True)
        ),
        base_hours=float(np.exp(best.state.weights[0])),
        pull=found.pull(),
        accounts=known.hours.size,
        unlogged_share=float(np.mean(~known.logged)),
    )
