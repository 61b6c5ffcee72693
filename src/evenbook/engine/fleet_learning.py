"""How one week is taken in: the season it shows, the noise it tells of, the level it ends up in.

Each function takes the fleet's state and returns it with one thing learnt. The order in
which they are called is ``detection.step``.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from evenbook.engine import fleet_estimates as estimates
from evenbook.engine.detector_params import RING_WEEKS, DetectorParams
from evenbook.engine.fleet_state import Counts, Flags, FleetNumbers, FleetState, Floats
from evenbook.engine.null_thresholds import lag_weeks
from evenbook.engine.usual_level import SMALLEST_LEVEL, absorb, freshened
from evenbook.engine.week_windows import window

TOLD_WEEKS = 4.0
"""Weeks an account must be known before it has a say in the season and the noise."""
OFF_SCORE = 1.2
"""An account further off its level than this last week has no say in the season."""


def level_up_to_now(state: FleetState, *, params: DetectorParams) -> tuple[Floats, Floats]:
    """Return level and worth up to the state's week: the usual level, and all weeks since."""
    since = window(state, params.long_weeks)
    return freshened(
        state.level,
        state.level_weeks,
        total=since.total,
        exposure=since.exposure,
        dispersion=np.full(state.accounts.size, state.fleet.dispersion.fleet),
        wander=state.fleet.wander,
        span=params.long_weeks,
    )


def season(
    state: FleetState, counts: Counts, delivered: Flags, *, usual: Floats, worth: Floats
) -> estimates.SeasonIndex:
    """Return this week's index from the accounts that are known and not in a fall or a rise."""
    heard = delivered & (worth >= TOLD_WEEKS) & (np.abs(state.score) < OFF_SCORE)
    return estimates.season_index(
        counts[heard].astype(np.float64), usual[heard], worth[heard], dispersion=state.fleet.dispersion.fleet
    )


def noise_learnt(
    state: FleetState,
    counts: Counts,
    delivered: Flags,
    *,
    index: estimates.SeasonIndex,
    usual: Floats,
    worth: Floats,
    params: DetectorParams,
) -> FleetState:
    """Return the state with this week's difference to last week's counted as noise."""
    row = state.fleet.week % RING_WEEKS
    told = delivered & state.seen[row] & (worth >= TOLD_WEEKS)
    now = counts.astype(np.float64) / index.value
    before = state.counts[row].astype(np.float64) / state.fleet.index[row]
    poisson = (now / index.value + before / state.fleet.index[row]) / 2.0
    believed = state.fleet.dispersion
    noise = estimates.difference_noise(now - before, poisson, level=usual, dispersion=believed.fleet)
    kept = 1.0 - 1.0 / params.memory_weeks
    level = np.maximum(usual, SMALLEST_LEVEL)
    noise_sum = np.where(told, kept * state.noise_sum + noise, state.noise_sum)
    noise_base = np.where(told, kept * state.noise_base + level * level, state.noise_base)
    noise_weeks = np.where(told, kept * state.noise_weeks + 1.0, state.noise_weeks)
    witnesses = told & (noise_weeks >= TOLD_WEEKS)
    own = noise_sum[witnesses] / noise_base[witnesses]
    doubt = estimates.dispersion_doubt(level[witnesses], noise_weeks[witnesses], believed.fleet)
    fleet = replace(state.fleet, dispersion=estimates.fleet_dispersion(own, doubt, believed=believed.fleet))
    return replace(state, noise_sum=noise_sum, noise_base=noise_base, noise_weeks=noise_weeks, fleet=fleet)


def own_dispersion(state: FleetState) -> Floats:
    """Return each account's dispersion, shrunk to the fleet's."""
    fleet = state.fleet.dispersion
    own = np.divide(
        state.noise_sum,
        state.noise_base,
        out=np.full_like(state.noise_sum, fleet.fleet),
        where=state.noise_base > 0.0,
    )
    doubt = estimates.dispersion_doubt(state.level, state.noise_weeks, fleet.fleet)
    return estimates.shrunk_dispersion(own, doubt, fleet)


def level_learnt(state: FleetState, *, week: int, dispersion: Floats, params: DetectorParams) -> FleetState:
    """Return the state whose usual level has taken in the week that left the long window."""
    row = (week - params.long_weeks) % RING_WEEKS
    lasting = ((state.since_fall == params.rearm_weeks) & (state.score <= -params.lasting_score)) | (
        (state.since_rise == params.rearm_weeks) & (state.score >= params.lasting_score)
    )
    level, level_weeks = absorb(
        state.level,
        np.where(lasting, 0.0, state.level_weeks),
        value=state.counts[row].astype(np.float64),
        exposure=state.fleet.index[row] * state.seen[row],
        dispersion=dispersion,
        wander=state.fleet.wander,
    )
    return replace(state, level=level, level_weeks=level_weeks)


def week_written(
    state: FleetState, counts: Counts, delivered: Flags, *, week: int, index: estimates.SeasonIndex
) -> FleetState:
    """Return the state with the week in its rings."""
    row = week % RING_WEEKS
    rings = state.counts.copy(), state.seen.copy()
    rings[0][row], rings[1][row] = counts, delivered
    indices = (*state.fleet.index[:row], index.value, *state.fleet.index[row + 1 :])
    fleet = replace(state.fleet, week=week, index=indices, index_variance=index.variance)
    zero = delivered & (counts == 0)
    return replace(
        state,
        counts=rings[0],
        seen=rings[1],
        weeks_seen=state.weeks_seen + delivered,
        zero_weeks=(np.where(zero, state.zero_weeks + 1, state.zero_weeks * ~delivered)).astype(np.int32),
        fleet=fleet,
    )


def wander_learnt(
    fleet: FleetNumbers, score: Floats, variance: Floats, *, usual: Floats, params: DetectorParams
) -> FleetNumbers:
    """Return the fleet's numbers after this week's rises have been read for wander.

    Args:
        fleet: the numbers before.
        score: long scores of the accounts that are settled, less their centers.
        variance: relative variance of their windows around the expectation.
        usual: mean square above zero of unchanged accounts of their sizes.
        params: how the detector is set.
    """
    reading = estimates.wander_reading(
        score, variance, usual=usual, believed=fleet.wander, lag_weeks=lag_weeks(params.long_weeks)
    )
    kept = 1.0 - 1.0 / params.memory_weeks
    total, weight = kept * fleet.wander_total + reading.total, kept * fleet.wander_weight + reading.weight
    return replace(fleet, wander_total=total, wander_weight=weight, wander=estimates.wander(total, weight))
