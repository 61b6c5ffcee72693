"""What an account usually does: a mean that forgets as fast as the account wanders."""

import numpy as np
import pytest

from evenbook.engine.usual_level import absorb, freshened, level_variance, week_noise


def fed(values, *, exposures=None, wander=0.0, dispersion=0.1):
    level, weeks = np.zeros(1), np.zeros(1)
    for value, exposure in zip(values, exposures or [1.0] * len(values), strict=True):
        level, weeks = absorb(
            level,
            weeks,
            value=np.array([float(value)]),
            exposure=np.array([exposure]),
            dispersion=np.array([dispersion]),
            wander=wander,
        )
    return float(level[0]), float(weeks[0])


def test_without_wander_the_level_is_the_mean_and_worth_all_its_weeks():
    assert fed([8, 10, 12]) == pytest.approx((10.0, 3.0))


def test_a_week_that_was_not_delivered_is_not_a_zero():
    assert fed([8, 0, 12], exposures=[1.0, 0.0, 1.0]) == pytest.approx((10.0, 2.0))


def test_a_quiet_season_is_taken_out():
    level, _ = fed([10, 5, 10], exposures=[1.0, 0.5, 1.0])

    assert level == pytest.approx(10.0)


def test_a_week_of_low_season_is_worth_less_than_an_ordinary_one():
    _, weeks = fed([10, 5], exposures=[1.0, 0.5])

    assert 1.5 < weeks < 2.0


def test_wander_bounds_what_the_level_is_worth():
    _, weeks = fed([10] * 400, wander=0.05)

    assert weeks == pytest.approx(float(np.sqrt(0.2) / 0.05), rel=0.1)


def test_one_absurd_week_moves_the_level_by_no_more_than_four_deviations():
    level, _ = fed([10] * 9 + [10_000])

    assert level < 10 + 4 * 10 * float(np.sqrt(0.2)) / 10 + 1e-9


def test_variance_is_the_noise_of_a_week_over_the_weeks():
    one = level_variance(np.array([10.0]), np.array([4.0]), np.array([0.1]))

    assert float(one[0]) == pytest.approx(0.05)
    assert float(week_noise(np.array([10.0]), np.array([0.1]))[0]) == pytest.approx(0.2)


def test_taking_weeks_in_at_one_stroke_is_their_weighted_mean():
    level, weeks = freshened(
        np.array([10.0]),
        np.array([6.0]),
        total=np.array([40.0]),
        exposure=np.array([2.0]),
        dispersion=np.array([0.1]),
        wander=0.0,
        span=2,
    )

    assert (float(level[0]), float(weeks[0])) == pytest.approx((12.5, 8.0))
