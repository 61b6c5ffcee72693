"""Which accounts use the product less (or more) than they usually do, week by week.

One step takes the whole fleet one week forward:

1. the season: what the typical account did this week against its own level;
2. the usual level takes in the week that is eight weeks old;
3. two windows, four and eight weeks, are scored against the usual level times the
   season: signed roots of negative-binomial deviances, near to standard normal for
   small and large accounts alike;
4. a score beyond its threshold is an alarm. The thresholds come from a simulation of
   this fleet without any change, so the false alarms keep to their budget;
5. after an alarm an account is quiet for eight weeks, or until it is back at its level.
   If it still lies off its level then, the level is learnt anew, so that a further
   fall is found too.

Two windows, because the short one finds a deep fall within the month and the long one
a milder or slower fall; each says its evidence in a sentence: "64 to 31 weekly users
in four weeks, after the season is taken out".

What counts as a bad state, and against which frozen level an account must heal, is
decided by ``states.rules``. Nothing here looks ahead: a reading of a week is a function
of that week and the ones before.

Sources:
    Basseville and Nikiforov, Detection of Abrupt Changes (1993), 2.4 (windowed GLR).
    Lai, IEEE Trans. Inf. Theory 44 (1998), 2917-2929 (window-limited likelihood ratios).
    The parts cite theirs: ``usual_level``, ``window_score``, ``fleet_estimates``,
    ``null_thresholds``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.engine import fleet_learning as learning
from evenbook.engine.alarm_limits import Limits, limits, thresholds_in_force
from evenbook.engine.detector_params import RING_WEEKS, DetectorParams
from evenbook.engine.fleet_estimates import shared_error
from evenbook.engine.fleet_state import Counts, Flags, FleetState, Floats, Ids, Weeks
from evenbook.engine.null_thresholds import lag_weeks, weeks_since
from evenbook.engine.usual_level import SMALLEST_LEVEL, freshened, level_variance
from evenbook.engine.week_windows import Window, mean, window
from evenbook.engine.window_score import signed_score, window_dispersion

Places = npt.NDArray[np.intp]

SETTLED_WEEKS = 26
"""Weeks an account must have been seen before its rises tell of the fleet's wander."""
ENOUGH_HEARD = 10_000
"""Accounts that suffice to see what all share; of a larger fleet an even part is heard."""


@dataclass(frozen=True, slots=True)
class Readings:
    """What the week says of each account; one entry an account, as in ``accounts``.

    Levels are users a week. ``usual``, ``recent`` and ``recent_long`` have the season
    taken out; ``seen_mean`` and ``expected_mean`` are as counted in the last four weeks,
    for sentences. Scores are in standard deviations, negative is a fall. NaN: not known
    yet, or no week of the window was delivered.

    Attributes:
        ready: seen this week and past the warm-up; only such accounts can alarm.
        fell, rose: alarms of this week.
        low_short, low_long: which window lies below its threshold now, quiet or not.
        fall_short, fall_long: thresholds in force for the account's size, positive.
        dispersion: of one week, shrunk to the fleet's.
        exposure, exposure_squares: sums of the season's index and its square over
            those of the last four weeks that were seen.
        seen_sum: users summed over the same weeks.
        mean12: mean of the twelve weeks before the last four, the season taken out.
        index, index_variance: of the week's season.
        error_short, error_long: what the bulk of the fleet showed the season to be off
            over each window, in the logarithm; taken out of everything above.
    """

    week: int
    accounts: Ids
    seen: Flags
    ready: Flags
    score_short: Floats
    score_long: Floats
    fall_short: Floats
    fall_long: Floats
    fell: Flags
    rose: Flags
    low_short: Flags
    low_long: Flags
    usual: Floats
    recent: Floats
    recent_long: Floats
    mean12: Floats
    seen_sum: Floats
    exposure: Floats
    exposure_squares: Floats
    seen_mean: Floats
    expected_mean: Floats
    seen_mean_long: Floats
    expected_mean_long: Floats
    dispersion: Floats
    zero_weeks: Weeks
    weeks_seen: Weeks
    index: float
    index_variance: float
    error_short: float
    error_long: float


def step(
    state: FleetState,
    values: npt.ArrayLike,
    *,
    accounts: Ids,
    seen: Flags,
    week: int,
    params: DetectorParams,
) -> tuple[FleetState, Readings]:
    """Return the state one week on, and what the week says of every account.

    Args:
        state: the carry of the week before.
        values: users of the week, one an entry of ``accounts``; ignored where not seen.
        accounts: ids, ascending, unique; new ones join. Accounts of the state that are
            not named count as not seen.
        seen: whether the account's feed was delivered for this week. An account in a
            delivered feed without a row has the value 0 and is seen.
        week: must be the state's week plus one.
        params: how the detector is set.

    Raises:
        ValueError: the week does not follow, or the arrays do not fit.
    """
    if week != state.fleet.week + 1:
        raise ValueError(f"Week {week} does not follow week {state.fleet.week}.")
    state = state.holding(accounts)
    counts, delivered = _aligned(state, values, accounts=accounts, seen=seen)
    level, worth = learning.level_up_to_now(state, params=params)
    index = learning.season(state, counts, delivered, usual=level, worth=worth)
    state = learning.noise_learnt(
        state, counts, delivered, index=index, usual=level, worth=worth, params=params
    )
    dispersion = learning.own_dispersion(state)
    state = learning.level_learnt(state, week=week, dispersion=dispersion, params=params)
    state = learning.week_written(state, counts, delivered, week=week, index=index)
    return _read(state, delivered, dispersion=dispersion, params=params)


def _aligned(state: FleetState, values: npt.ArrayLike, *, accounts: Ids, seen: Flags) -> tuple[Counts, Flags]:
    """Return values and seen in the order of the state's accounts."""
    given = np.asarray(values, dtype=np.float32)
    if given.shape != accounts.shape or seen.shape != accounts.shape:
        raise ValueError("values, seen and accounts must have the same length.")
    clean = np.where(seen, given, np.float32(0.0))
    if not bool(np.all(clean >= 0.0)):
        raise ValueError("Values of seen accounts must be numbers of zero or more.")
    if accounts.size == state.accounts.size:
        return clean, seen
    counts = np.zeros(state.accounts.size, dtype=np.float32)
    delivered = np.zeros(state.accounts.size, dtype=np.bool_)
    places = np.searchsorted(state.accounts, accounts)
    counts[places], delivered[places] = clean, seen
    return counts, delivered


@dataclass(frozen=True, slots=True)
class _Compared:
    """One window beside what was expected of it; ``score`` is empty until it is scored."""

    window: Window
    expected: Floats
    dispersion: Floats
    score: Floats
    error: float = 0.0

    def variance(self) -> Floats:
        """Return the relative variance around the expectation, Poisson's share included."""
        return self.dispersion + 1.0 / np.maximum(self.expected, SMALLEST_LEVEL)

    def scored(self, error: float) -> _Compared:
        """Return the window scored, in a season that was off by ``error`` in the logarithm."""
        factor = float(np.exp(error))
        expected = factor * self.expected
        score = signed_score(self.window.total, expected, self.dispersion)
        return _Compared(self.window.scaled(factor), expected, self.dispersion, score, error)

    def shared_error(self, heard: Places, center: Floats) -> float:
        """Return what the accounts heard show the season to have been off over the window."""
        expected, dispersion = self.expected[heard], self.dispersion[heard]
        score = signed_score(self.window.total[heard], expected, dispersion)
        spread = np.sqrt(dispersion + 1.0 / np.maximum(expected, SMALLEST_LEVEL))
        return shared_error(score - center[heard], spread)


def _compared(
    state: FleetState, span: int, seen: Window, *, level: Floats, worth: Floats, own: Floats
) -> _Compared:
    """Return the last ``span`` weeks beside the level before them; NaN where none was seen.

    Args:
        state: the fleet, its week written.
        span: weeks of the window.
        seen: their sums.
        level, worth: what is usual right before the window, and its worth in weeks.
        own: each account's dispersion.
    """
    known = level_variance(level, worth, own) + state.fleet.wander**2 * lag_weeks(span)
    exposure = np.where(seen.exposure > 0.0, seen.exposure, np.nan)
    spread = window_dispersion(own + state.fleet.index_variance, exposure, seen.exposure_squares, known)
    return _Compared(seen, exposure * level, spread, np.empty(0))


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything that is looked at in one week."""

    short: _Compared
    long: _Compared
    before: Window


def _look(state: FleetState, *, own: Floats, params: DetectorParams) -> _Look:
    """Return both windows beside their levels, and the sums of the weeks before the short one."""
    recent = window(state, params.short_weeks)
    gap_weeks = params.long_weeks - params.short_weeks
    gap = window(state, gap_weeks, skip=params.short_weeks)
    older = window(state, RING_WEEKS - params.long_weeks, skip=params.long_weeks)
    fresh, worth = freshened(
        state.level,
        state.level_weeks,
        total=gap.total,
        exposure=gap.exposure,
        dispersion=own,
        wander=state.fleet.wander,
        span=gap_weeks,
    )
    short = _compared(state, params.short_weeks, recent, level=fresh, worth=worth, own=own)
    long = _compared(
        state, params.long_weeks, recent + gap, level=state.level, worth=state.level_weeks, own=own
    )
    return _Look(short, long, gap + older)


def _read(
    state: FleetState, delivered: Flags, *, dispersion: Floats, params: DetectorParams
) -> tuple[FleetState, Readings]:
    """Return the state with its alarms noted, and the readings of its week."""
    look = _look(state, own=dispersion, params=params)
    ready = _ready(state, delivered, look, params=params)
    if bool(np.any(ready)):
        state = replace(state, fleet=thresholds_in_force(state.fleet, params))
    allowed = limits(mean(look.short.expected, look.short.window.weeks), state.fleet.thresholds)
    look = _scored(look, ready, allowed)
    state = _wander_noted(state, look, ready, allowed, params=params)
    low_short = ready & (look.short.score <= -allowed.fall_short)
    low_long = ready & (look.long.score <= -allowed.fall_long)
    high = ready & ((look.short.score >= allowed.rise_short) | (look.long.score >= allowed.rise_long))
    fell = (low_short | low_long) & (state.since_fall >= params.rearm_weeks)
    rose = high & (state.since_rise >= params.rearm_weeks)
    score = np.where(ready, look.short.score, 0.0)
    after = replace(
        state,
        score=score,
        since_fall=weeks_since(state.since_fall, fell, score >= -params.back_score, params=params),
        since_rise=weeks_since(state.since_rise, rose, score <= params.back_score, params=params),
    )
    alarms: dict[str, Any] = {
        "fell": fell,
        "rose": rose,
        "low_short": low_short,
        "low_long": low_long,
        "ready": ready,
    }
    thresholds: dict[str, Any] = {"fall_short": allowed.fall_short, "fall_long": allowed.fall_long}
    return after, Readings(
        seen=delivered, dispersion=dispersion, **alarms, **thresholds, **_measured(look), **_carried(state)
    )


def _ready(state: FleetState, delivered: Flags, look: _Look, *, params: DetectorParams) -> Flags:
    """Return which accounts may alarm: delivered, past the warm-up, half of the short window seen."""
    return (
        delivered
        & (state.weeks_seen >= params.warmup_weeks)
        & (state.level_weeks > 0.0)
        & (2.0 * look.short.window.weeks >= params.short_weeks)
    )


def _scored(look: _Look, ready: Flags, allowed: Limits) -> _Look:
    """Return the windows scored, without the error of the season that all accounts share."""
    places = np.flatnonzero(ready)
    heard = places[:: 1 + places.size // ENOUGH_HEARD]
    if not heard.size:
        return _Look(look.short.scored(0.0), look.long.scored(0.0), look.before)
    short = look.short.scored(look.short.shared_error(heard, allowed.center_short))
    return _Look(short, look.long.scored(look.long.shared_error(heard, allowed.center_long)), look.before)


def _wander_noted(
    state: FleetState, look: _Look, ready: Flags, allowed: Limits, *, params: DetectorParams
) -> FleetState:
    """Return the state after the accounts that are known for half a year have told of wander."""
    settled = ready & (state.weeks_seen >= SETTLED_WEEKS)
    fleet = learning.wander_learnt(
        state.fleet,
        (look.long.score - allowed.center_long)[settled],
        look.long.variance()[settled],
        usual=allowed.upper_square[settled],
        params=params,
    )
    return replace(state, fleet=fleet)


def _measured(look: _Look) -> dict[str, Any]:
    """Return the readings that are means and scores of windows."""
    short, long = look.short, look.long
    return {
        "score_short": short.score,
        "score_long": long.score,
        "recent": mean(short.window.total, short.window.exposure),
        "recent_long": mean(long.window.total, long.window.exposure),
        "mean12": mean(look.before.total, look.before.exposure),
        "seen_sum": short.window.total,
        "exposure": short.window.exposure,
        "exposure_squares": short.window.exposure_squares,
        "seen_mean": mean(short.window.total, short.window.weeks),
        "expected_mean": mean(short.expected, short.window.weeks),
        "seen_mean_long": mean(long.window.total, long.window.weeks),
        "expected_mean_long": mean(long.expected, long.window.weeks),
        "error_short": short.error,
        "error_long": long.error,
    }


def _carried(state: FleetState) -> dict[str, Any]:
    """Return the readings that the state holds anyway."""
    fleet = state.fleet
    return {
        "week": fleet.week,
        "accounts": state.accounts,
        "usual": np.where(state.level_weeks > 0.0, state.level, np.nan),
        "zero_weeks": state.zero_weeks,
        "weeks_seen": state.weeks_seen,
        "index": fleet.index[fleet.week % RING_WEEKS],
        "index_variance": fleet.index_variance,
    }
