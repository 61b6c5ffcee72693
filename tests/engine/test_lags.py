"""How closely one figure follows another: a planted lag is found, shared seasons and levels are no bond."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenbook.engine import UnusableArrays, lagged_correlation

LAGS = (0, 4, 8)


def worlds(seed: int, *, strength: float, lag: int = 4, units: int = 40, weeks: int = 104) -> tuple[Any, Any]:
    """Return causes that wander, and outcomes that follow them after a lag; both share season and level."""
    rng = np.random.default_rng(seed)
    level, season = rng.normal(0, 3, units)[:, None], 2 * np.sin(np.arange(weeks) / 8)
    x, noise = np.zeros((units, weeks)), np.zeros((units, weeks))
    for week in range(1, weeks):
        x[:, week] = 0.7 * x[:, week - 1] + rng.normal(0, 1, units)
        noise[:, week] = 0.8 * noise[:, week - 1] + rng.normal(0, 1, units)
    later = np.zeros_like(x)
    later[:, lag:] = x[:, : weeks - lag]
    return x + level + season, strength * later + noise - level + season


def test_a_planted_lag_is_found_and_stands_out():
    found = {each.weeks: each for each in lagged_correlation(*worlds(1, strength=-0.8), LAGS, seed=1)}

    assert found[4].is_seen and (found[4].correlation or 0) < -0.4
    assert abs(found[0].correlation or 0) < abs(found[4].correlation or 0)
    assert found[4].interval_95[0] <= found[4].interval_80[0] <= found[4].interval_80[1]


def test_seasons_and_levels_that_all_share_are_no_bond():
    seen = sum(
        each.is_seen
        for seed in range(40)
        for each in lagged_correlation(*worlds(seed, strength=0.0), (4,), seed=1)
    )
    assert seen <= 5, "of forty about two are seen by chance"
    x, y = worlds(3, strength=0.0)
    assert abs(np.corrcoef(x.ravel(), y.ravel())[0, 1]) > 0.3, "taken together they would look bound"


def test_both_means_are_gone_as_by_a_line_with_a_dummy_each():
    x, y = worlds(5, strength=0.5, units=8, weeks=12)
    holes = np.random.default_rng(1).random(x.shape) < 0.1
    x, y = np.where(holes, np.nan, x), np.where(holes, np.nan, y)
    unit, week = np.nonzero(~holes)
    design = np.column_stack([unit[:, None] == np.arange(8), week[:, None] == np.arange(12)]).astype(float)
    residual = [
        given[~holes] - design @ np.linalg.lstsq(design, given[~holes], rcond=None)[0] for given in (x, y)
    ]
    by_hand = np.corrcoef(*residual)[0, 1]

    (found,) = lagged_correlation(x, y, (0,), seed=1)
    assert found.correlation == pytest.approx(by_hand, abs=1e-6)


def test_too_few_units_or_weeks_or_nothing_that_moves_say_nothing():
    x, y = worlds(2, strength=1.0)

    assert lagged_correlation(x[:7], y[:7], (0,), seed=1)[0].correlation is None
    assert lagged_correlation(x[:, :10], y[:, :10], (4,), seed=1)[0].correlation is None
    assert lagged_correlation(np.ones_like(x), y, (0,), seed=1)[0].correlation is None
    assert lagged_correlation(x, y, (200,), seed=1)[0].units == 0
    assert lagged_correlation(np.full_like(x, np.nan), y, LAGS, seed=1)[0].units == 0


def test_the_same_seed_gives_the_same_answer():
    made = worlds(2, strength=0.3)

    assert lagged_correlation(*made, LAGS, seed=4) == lagged_correlation(*made, LAGS, seed=4)


@pytest.mark.parametrize(
    ("x", "y", "lags"),
    [
        ([[1.0]], [[1.0], [2.0]], (0,)),
        ([[1.0]], [[1.0]], (-1,)),
        ([1.0], [1.0], (0,)),
        ([["a"]], [[1.0]], (0,)),
    ],
)
def test_what_can_not_be_used_is_refused(x: Any, y: Any, lags: Any):
    with pytest.raises(UnusableArrays):
        lagged_correlation(x, y, lags, seed=1)
