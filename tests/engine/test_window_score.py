"""The ruler: how far a few weeks of counts lie from what is usual."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evenbook.engine.window_score import signed_score, window_dispersion


def score(seen: float, expected: float, dispersion: float) -> float:
    return float(signed_score(np.array([seen]), np.array([expected]), np.array([dispersion]))[0])


def slow_deviance_root(seen: float, expected: float, dispersion: float) -> float:
    """Return the same from two log-likelihoods, written out in full."""

    def loglik(mean: float) -> float:
        shape = 1 / dispersion
        mean = max(mean, 1e-12)
        return (
            math.lgamma(seen + shape)
            - math.lgamma(shape)
            - math.lgamma(seen + 1)
            + shape * math.log(shape / (shape + mean))
            + seen * math.log(mean / (shape + mean))
        )

    deviance = 2 * (loglik(seen) - loglik(expected))
    return math.copysign(math.sqrt(max(deviance, 0)), seen - expected)


def test_what_is_expected_scores_zero():
    assert score(40, 40, 0.05) == 0


def test_a_fall_is_negative_and_a_rise_positive():
    assert score(20, 40, 0.05) < 0 < score(60, 40, 0.05)


def test_the_same_ratio_says_more_of_a_large_account():
    assert score(100, 200, 0.01) < score(2, 4, 0.01) < 0


def test_noise_makes_the_same_fall_less_remarkable():
    assert score(20, 40, 0.01) < score(20, 40, 0.3) < 0


def test_silence_has_a_finite_score():
    assert math.isclose(score(0, 12, 0.1), -math.sqrt(20 * math.log(2.2)), rel_tol=1e-9)


@given(
    st.integers(0, 3000),
    st.floats(0.1, 3000),
    st.floats(0.003, 2.0),
)
def test_the_score_is_the_root_of_twice_the_log_likelihood_ratio(seen, expected, dispersion):
    assert math.isclose(
        score(seen, expected, dispersion), slow_deviance_root(seen, expected, dispersion), abs_tol=2e-3
    )


def test_four_even_weeks_have_a_quarter_of_the_noise_of_one():
    four = window_dispersion(np.array([0.2]), np.array([4.0]), np.array([4.0]), np.array([0.0]))

    assert math.isclose(float(four[0]), 0.05)
