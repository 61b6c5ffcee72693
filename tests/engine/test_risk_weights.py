"""Weights of a score learned from what followed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine.given_arrays import UnusableArrays
from evenbook.engine.risk_weights import RiskCurve, fit_risk


def made(seed: int, rows: int, weights: list[float], level: float = -2.0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    terms = np.clip(chance.beta(0.4, 1.0, (rows, len(weights))), 0.0, 1.0)
    curve = RiskCurve(level, np.array(weights))
    return terms, (chance.random(rows) < curve.share(terms)).astype(float)


def test_weights_that_made_the_losses_are_found():
    truth = [3.0, 0.0, 1.5, 0.7]
    terms, lost = made(1, 40_000, truth)
    found = fit_risk(terms, lost, towards=[1.0] * 4, pull=1.0)

    assert found.weights == pytest.approx(truth, abs=0.15)
    assert found.level == pytest.approx(-2.0, abs=0.1)
    assert found.share(terms).mean() == pytest.approx(lost.mean(), abs=1e-4)


def test_a_sign_of_less_risk_gets_no_weight():
    terms, lost = made(2, 8_000, [2.0, -2.0])
    found = fit_risk(terms, lost, towards=[1.0, 1.0], pull=0.1)

    assert found.weights[1] == 0.0
    assert found.weights[0] > 1.0


def test_few_rows_stay_near_what_they_are_pulled_to():
    terms, lost = made(3, 40, [3.0, 0.0])
    near = fit_risk(terms, lost, towards=[1.0, 1.0], pull=1e6)

    assert near.weights == pytest.approx([1.0, 1.0], abs=1e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(30, 200), st.floats(0.01, 30.0))
def test_no_place_nearby_is_lower(seed, rows, pull):
    terms, lost = made(seed, rows, [2.0, 0.5, 0.0])
    lost[:2] = 0.0, 1.0
    towards = np.array([1.0, 0.2, 0.4])
    found = fit_risk(terms, lost, towards=towards, pull=pull)

    def height(level: float, weights: np.ndarray) -> float:
        away = weights - towards
        return rows * RiskCurve(level, weights).loss(terms, lost) + 0.5 * pull * float(away @ away)

    best = height(found.level, found.weights)
    chance = np.random.default_rng(seed + 1)
    for size in (1e-1, 1e-2, 1e-3):
        for _ in range(10):
            weights = np.maximum(found.weights + size * chance.standard_normal(3), 0.0)
            assert height(found.level + size * chance.standard_normal(), weights) >= best - 1e-6


def test_shares_may_be_lost_in_part():
    terms, lost = made(4, 20_000, [2.0, 1.0])
    found = fit_risk(terms, 0.5 * lost, towards=[1.0, 1.0], pull=1.0)

    assert found.share(terms).mean() == pytest.approx(0.5 * lost.mean(), abs=1e-4)


@pytest.mark.parametrize(
    ("terms", "lost", "says"),
    [
        ([[0.1], [0.2]], [0.0, 0.0], "Nothing was lost"),
        ([[0.1], [0.2]], [1.0, 1.0], "everything was"),
        ([[0.1], [1.2]], [0.0, 1.0], "over 1"),
        ([[0.1], [float("nan")]], [0.0, 1.0], "not known"),
        ([[0.1, 0.3], [0.1, 0.3]], [0.0, 1.0], "There are 2 terms and 1 weights"),
        ([[0.1]], [0.0, 1.0], "lost"),
        ([[-0.1], [0.3]], [0.0, 1.0], "0 is the least"),
    ],
)
def test_what_can_not_be_counted_is_refused(terms, lost, says):
    with pytest.raises(UnusableArrays, match=says):
        fit_risk(terms, lost, towards=[1.0], pull=1.0)
