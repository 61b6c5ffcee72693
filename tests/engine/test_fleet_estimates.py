"""What the fleet says of one week, whatever a few of its accounts do."""

import numpy as np
import pytest

from evenbook.engine import fleet_estimates as estimates

RNG = np.random.default_rng(7)


def counts(level, index, dispersion=0.1):
    shape = 1 / dispersion
    return RNG.poisson(level * index * RNG.gamma(shape, 1 / shape, level.size)).astype(float)


def index_of(values, level, dispersion=0.1):
    return estimates.season_index(values, level, np.full(level.size, 20.0), dispersion=dispersion)


def test_the_index_is_what_the_typical_account_did():
    level = np.exp(RNG.normal(2, 1.3, 4000))

    assert index_of(counts(level, 0.45), level).value == pytest.approx(0.45, rel=0.03)


def test_accounts_gone_mad_hardly_move_the_index():
    level = np.exp(RNG.normal(2, 1.3, 4000))
    values = counts(level, 1.2)
    values[:40] *= 1000

    assert index_of(values, level).value == pytest.approx(1.2, rel=0.05)


def test_a_giant_has_no_more_say_than_its_noise_allows():
    level = np.append(np.full(200, 20.0), 1_000_000.0)
    values = np.append(counts(np.full(200, 20.0), 1.0), 100_000.0)

    assert index_of(values, level).value == pytest.approx(1.0, rel=0.1)


def test_a_handful_of_accounts_is_pulled_towards_an_ordinary_week():
    level = np.full(3, 2.0)

    assert 0.5 < index_of(np.full(3, 1.0), level).value < 1.0
    assert index_of(np.empty(0), np.empty(0)).value == 1.0


def test_dispersion_is_found_in_a_noisy_and_in_a_quiet_fleet():
    for true in (0.25, 1 / 30):
        level = np.exp(RNG.normal(2, 1.3, 3000))
        sums, weeks = np.zeros(level.size), 30
        before = counts(level, 1.0, true)
        for _ in range(weeks):
            now = counts(level, 1.0, true)
            sums += estimates.difference_noise(now - before, (now + before) / 2, level=level, dispersion=true)
            before = now
        doubt = estimates.dispersion_doubt(level, np.full(level.size, float(weeks)), 0.1)
        found = estimates.fleet_dispersion(sums / (weeks * level**2), doubt, believed=0.1)
        assert found.fleet == pytest.approx(true, rel=0.15)


def test_accounts_alike_are_shrunk_to_the_fleet_and_unlike_ones_are_not():
    doubt = np.full(2000, 0.0004)
    alike = estimates.fleet_dispersion(0.1 + RNG.normal(0, 0.02, 2000), doubt, believed=0.1)
    unlike = estimates.fleet_dispersion(0.1 + RNG.normal(0, 0.04, 2000), doubt, believed=0.1)

    noisy, known = np.array([0.2]), np.array([0.0004])
    assert estimates.shrunk_dispersion(noisy, known, alike)[0] < 0.13
    assert estimates.shrunk_dispersion(noisy, known, unlike)[0] > 0.15


def wander_from(score):
    variance, usual = np.full(score.size, 0.02), np.full(score.size, 0.4888)
    reading = estimates.wander_reading(score, variance, usual=usual, believed=0.02, lag_weeks=4.5)
    return reading.total / reading.weight


def test_scores_that_spread_as_they_should_leave_the_wander_alone():
    assert wander_from(RNG.standard_normal(50_000)) == pytest.approx(0.02**2, abs=1e-4)


def test_scores_that_spread_too_far_raise_the_wander_and_falls_do_not():
    score = RNG.standard_normal(50_000)

    assert wander_from(1.5 * score) > 0.03**2
    assert wander_from(np.where(score < 0, 10 * score, score)) == pytest.approx(0.02**2, abs=1e-4)


def test_one_week_weighs_little_however_many_accounts_it_holds():
    many = np.ones(100_000)
    reading = estimates.wander_reading(many, 0.02 * many, usual=many, believed=0.02, lag_weeks=4.5)

    assert reading.weight == pytest.approx(0.1 / estimates.WANDER_DOUBT**2)


def test_the_bulk_shows_what_the_index_left_over_and_falls_do_not_count():
    spread = np.full(20_000, 0.2)
    score = RNG.standard_normal(20_000) - 0.03 / 0.2
    score[:1500] -= 4.0

    assert estimates.shared_error(score, spread) == pytest.approx(-0.03, abs=0.008)
    assert estimates.bulk_center(score) == pytest.approx(-0.15, abs=0.04)


def test_a_handful_of_accounts_shows_next_to_no_shared_error():
    score, spread = np.full(5, -0.8), np.full(5, 0.4)

    assert abs(estimates.shared_error(score, spread)) < 0.02
