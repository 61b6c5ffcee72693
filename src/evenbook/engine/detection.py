"""Which accounts use the product less (or more) than they usually do, week by week.

One step takes the whole fleet one week forward:

1. the season: what the typical account did this week against its own level;
2. the usual level takes in the week that is eight weeks old;
3. two windows, four and eight weeks, are scored against the usual level times the
   season: signed roots of negative-binomial deviances, near to standard normal for
   small and large accounts alike;
4. a score beyond its threshold is an alarm. The thresholds come from a simulation of
   this fleet without any change, so the false alarms keep to their budget;
5. after an alarm an account is quiet for eight weeks. If it still lies off its level
   then, the level is learnt anew, so that a further fall is found too.

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
from evenbook.engine.alarm_limits import limits, thresholds_in_force
from evenbook.engine.detector_params import RING_WEEKS, DetectorParams
from evenbook.engine.fleet_state import NEVER, Counts, Flags, FleetState, Floats, Ids, Weeks
from evenbook.engine.null_thresholds import lag_weeks
from evenbook.engine.usual_level import SMALLEST_LEVEL, freshened, level_variance
from evenbook.engine.week_windows import Window, mean, window
from evenbook.engine.window_score import signed_score, window_dispersion

SETTLED_WEEKS = 26
"""Weeks an account must have been seen before its rises tell of the fleet's wander."""


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
class _Scored:
    """One window against the level before it."""

    window: Window
    expected: Floats
    dispersion: Floats
    score: Floats


def _scored(
    state: FleetState, span: int, seen: Window, *, level: Floats, worth: Floats, own: Floats
) -> _Scored:
    """Return the score of the last ``span`` weeks; NaN where no week of them was seen.

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
    expected = exposure * level
    return _Scored(seen, expected, spread, signed_score(seen.total, expected, spread))


@dataclass(frozen=True, slots=True)
class _Look:
    """Everything that is looked at in one week."""

    short: _Scored
    long: _Scored
    before: Window


def _look(state: FleetState, *, own: Floats, params: DetectorParams) -> _Look:
    """Return both windows, scored, and the sums of the weeks before the short one."""
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
    short = _scored(state, params.short_weeks, recent, level=fresh, worth=worth, own=own)
    long = _scored(
        state, params.long_weeks, recent + gap, level=state.level, worth=state.level_weeks, own=own
    )
    return _Look(short, long, gap + older)


def _read(
    state: FleetState, delivered: Flags, *, dispersion: Floats, params: DetectorParams
) -> tuple[FleetState, Readings]:
    """Return the state with its alarms noted, and the readings of its week."""
    look = _look(state, own=dispersion, params=params)
    ready = _ready(state, delivered, look, params=params)
    state = _fleet_noted(state, look, ready, params=params)
    allowed = limits(mean(look.short.expected, look.short.window.weeks), state.fleet.thresholds)
    low_short = ready & (look.short.score <= -allowed.fall_short)
    low_long = ready & (look.long.score <= -allowed.fall_long)
    high = ready & ((look.short.score >= allowed.rise_short) | (look.long.score >= allowed.rise_long))
    fell = (low_short | low_long) & (state.since_fall >= params.rearm_weeks)
    rose = high & (state.since_rise >= params.rearm_weeks)
    after = replace(
        state,
        score=np.where(ready, look.short.score, 0.0),
        since_fall=_since(state.since_fall, fell),
        since_rise=_since(state.since_rise, rose),
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


def _fleet_noted(state: FleetState, look: _Look, ready: Flags, *, params: DetectorParams) -> FleetState:
    """Return the state with wander and thresholds brought up to its week."""
    if not bool(np.any(ready)):
        return state
    settled = ready & (state.weeks_seen >= SETTLED_WEEKS)
    expected = np.maximum(look.long.expected[settled], SMALLEST_LEVEL)
    variance = look.long.dispersion[settled] + 1.0 / expected
    fleet = learning.wander_learnt(state.fleet, look.long.score[settled], variance, params=params)
    return replace(state, fleet=thresholds_in_force(fleet, params))


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


def _since(weeks: Weeks, alarm: Flags) -> Weeks:
    """Return weeks since the last alarm, as the next week will see it."""
    return np.where(alarm, 1, np.minimum(weeks + 1, NEVER)).astype(np.int32)
