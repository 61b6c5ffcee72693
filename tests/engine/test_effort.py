"""Multipliers learned from logged hours: near the truth, near the defaults without data, honest of both."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine import UnusableArrays, fit_effort
from evenbook.engine.effort_design import design
from evenbook.engine.effort_model import Setting, fitted, start
from evenbook.engine.effort_signs import nearest_signed
from evenbook.engine.effort_simulator import CompanyKind, effort, make_company
from evenbook.engine.effort_unlogged import unlogged

SMALL = [np.array([1.0, 1.4, 0.8]), np.array([1.0, 1.2])]
MADE = make_company(CompanyKind(400), seed=4)


def fit(made, **other):
    given = {
        "hours": made.hours,
        "exposure_weeks": made.exposure_weeks,
        "levels": made.levels,
        "defaults": made.defaults,
        "person": made.person,
    } | other
    return fit_effort(**given, seed=1)


def small(accounts, *, seed=0, hours=None):
    """Return arguments for a company of two factors and four people."""
    rng = np.random.default_rng(seed)
    levels = np.stack([rng.integers(0, 3, accounts), rng.integers(0, 2, accounts)], axis=1)
    worked = rng.gamma(2.0, 1.5, accounts) if hours is None else hours
    return worked, np.full(accounts, 8.0), levels, SMALL, rng.integers(0, 4, accounts)


def off(made, multipliers):
    ratio = effort(multipliers, made.fresh_levels) / effort(made.truth, made.fresh_levels)
    return float(np.median(np.abs(ratio / np.median(ratio) - 1)))


def test_learned_weights_are_nearer_the_truth_than_the_defaults_although_time_went_unlogged():
    found = fit(MADE)

    assert MADE.unlogged > 0.1
    assert off(MADE, found.multipliers) < 0.6 * off(MADE, MADE.defaults)
    assert found.heldout_error < found.default_error and found.adopted


def test_hours_without_noise_give_back_the_truth():
    rng = np.random.default_rng(2)
    levels = np.stack([rng.integers(0, 3, 600), rng.integers(0, 2, 600)], axis=1)
    truth = (np.array([1.0, 1.7, 0.6]), np.array([1.0, 1.05]))
    person = rng.integers(0, 8, 600)
    hours = 20 * effort(truth, levels) * (1 + 0.05 * person)

    found = fit_effort(hours, np.full(600, 8.0), levels, SMALL, person, seed=1)

    for learned, true in zip(found.multipliers, truth, strict=True):
        assert np.allclose(learned, true, rtol=0.01)


def test_zeros_read_as_no_effort_would_mislead_and_are_not():
    # Only a fifth of level 1's hours exist; half of its accounts have none because so few are worked.
    rng = np.random.default_rng(5)
    level = rng.integers(0, 2, 2000)
    expected = np.where(level == 1, 1.0, 5.0)
    worked = expected * rng.gamma(4.0, 0.25, 2000)
    hours = np.where(rng.uniform(size=2000) < np.exp(-expected / 1.4), 0.0, worked)
    as_zero = hours[level == 1].mean() / hours[level == 0].mean()

    found = fit_effort(hours, np.full(2000, 8.0), level[:, None], [[1.0, 0.3]], np.arange(2000) % 40, seed=1)

    assert as_zero < 0.12
    assert abs(found.multipliers[0][1] - 0.2) < 0.03


def test_signs_are_kept_although_hours_say_the_contrary():
    hours, weeks, levels, defaults, person = small(600)
    against = hours * np.where(levels[:, 1] == 1, 0.4, 1.0) * np.where(levels[:, 0] == 2, 2.0, 1.0)

    found = fit_effort(against, weeks, levels, defaults, person, seed=1)

    assert found.multipliers[1][1] == 1.0 and found.multipliers[0][2] == 1.0
    assert found.intervals_80[1][1, 0] < 0.6, "the interval says what the hours say"


def test_a_reference_stays_at_one_and_the_interval_holds_the_multiplier():
    found = fit(MADE)

    for learned, interval, default in zip(found.multipliers, found.intervals_80, MADE.defaults, strict=True):
        assert (learned[default == 1.0] == 1.0).all() and (interval[default == 1.0] == 1.0).all()
        assert ((interval[:, 0] <= learned) & (learned <= interval[:, 1])).all()
        assert ((learned - 1) * (default - 1) >= 0).all()


def test_the_fewer_the_data_the_nearer_the_defaults_and_the_wider_the_interval():
    many, few = make_company(CompanyKind(800), seed=9), make_company(CompanyKind(800), seed=9)
    some = np.arange(800) < 30
    little = fit(
        few, **{name: getattr(few, name)[some] for name in ("hours", "exposure_weeks", "levels", "person")}
    )
    much = fit(many)

    def distance(found):
        return np.abs(np.log(np.concatenate(found.multipliers) / np.concatenate(many.defaults))).sum()

    def width(found):
        return np.diff(np.log(np.concatenate(found.intervals_80)), axis=1).sum()

    assert distance(little) < distance(much) and width(little) > 2 * width(much)


def test_where_the_defaults_are_true_hardly_anything_is_adopted():
    made = [make_company(CompanyKind(150, spread=0.0), seed=seed) for seed in range(3)]
    found = [fit(each) for each in made]

    assert np.mean([each.adopted_factors.mean() for each in found]) < 0.2
    assert all(
        np.array_equal(proposed, default)
        for each in found
        for proposed, default, taken in zip(
            each.proposed, made[0].defaults, each.adopted_factors, strict=True
        )
        if not taken
    )


def test_intervals_of_80_percent_hold_the_truth_about_that_often():
    inside = []
    for seed in range(5):
        made = make_company(CompanyKind(100), seed=seed)
        for true, ends, default in zip(made.truth, fit(made).intervals_80, made.defaults, strict=True):
            inside += list(((ends[:, 0] <= true) & (true <= ends[:, 1]))[default != 1.0])

    assert 0.65 <= np.mean(inside) <= 0.95


def test_the_same_seed_gives_the_same_and_order_and_names_of_people_do_not_matter():
    turned = np.random.default_rng(0).permutation(MADE.hours.size)
    one, same = fit(MADE), fit(MADE)
    other = fit(
        replace(
            MADE, hours=MADE.hours[turned], levels=MADE.levels[turned], person=7 * MADE.person[turned] + 3
        )
    )

    assert one.heldout_error == same.heldout_error
    assert all(np.array_equal(a, b) for a, b in zip(one.multipliers, same.multipliers, strict=True))
    assert all(np.allclose(a, b, rtol=1e-3) for a, b in zip(one.multipliers, other.multipliers, strict=True))


def test_the_unit_of_hours_does_not_change_the_multipliers():
    hours, weeks, levels, defaults, person = small(300, seed=3)
    one, other = (fit_effort(hours * unit, weeks, levels, defaults, person, seed=1) for unit in (1.0, 60.0))

    assert all(np.allclose(a, b, rtol=0.01) for a, b in zip(one.multipliers, other.multipliers, strict=True))


def test_one_absurd_entry_moves_no_weight_far():
    hours, weeks, levels, defaults, person = small(300, seed=3)
    absurd = hours.copy()
    absurd[17] = 1e7
    one, other = (fit_effort(each, weeks, levels, defaults, person, seed=1) for each in (hours, absurd))

    assert all(np.allclose(a, b, rtol=0.15) for a, b in zip(one.multipliers, other.multipliers, strict=True))


@pytest.mark.parametrize("hours", [np.zeros(40), np.full(40, np.nan), np.zeros(0)])
def test_without_a_logged_hour_the_defaults_stand(hours):
    found = fit_effort(*small(hours.size, hours=hours), seed=1)

    assert all(np.allclose(a, b) for a, b in zip(found.multipliers, SMALL, strict=True))
    assert not found.adopted and np.isnan(found.heldout_error) and np.isnan(found.base_hours)
    assert found.intervals_80[0][1, 0] < 1.0 < 2.0 < found.intervals_80[0][1, 1]


def test_one_person_one_level_and_one_account_have_answers_too():
    hours, weeks, levels, defaults, person = small(60)

    assert np.isfinite(fit_effort(hours, weeks, levels, defaults, person * 0, seed=1).heldout_error)
    alike = fit_effort(hours, weeks, levels * 0 + 1, defaults, person, seed=1)
    assert all(np.allclose(a, b, rtol=1e-3) for a, b in zip(alike.multipliers, SMALL, strict=True))
    assert fit_effort(hours[:1], weeks[:1], levels[:1], defaults, person[:1], seed=1).accounts == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": -MADE.hours},
        {"hours": MADE.hours + np.inf},
        {"person": MADE.person[:5]},
        {"levels": MADE.levels + 9},
        {"levels": MADE.levels[:, :2]},
        {"defaults": [*MADE.defaults[:4], np.array([0.0, 1.0, 1.0])]},
        {"defaults": [*MADE.defaults[:4], np.array([-1.0, 1.0, 1.0])]},
        {"defaults": [*MADE.defaults[:4], np.array([])]},
        {"exposure_weeks": MADE.exposure_weeks[:, None]},
        {"person": np.full(400, np.nan)},
    ],
)
def test_what_cannot_be_used_is_refused(wrong):
    with pytest.raises(UnusableArrays):
        fit(MADE, **wrong)


def test_the_score_is_the_slope_of_the_likelihood_of_being_logged():
    log_t, step = np.linspace(-4, 3, 15), 1e-5
    for seen, link in [(0.0, 0.0), (0.4, 0.0), (0.9, 0.5)]:
        at, up, down = (
            unlogged(log_t + by, seen=np.full(15, seen), link=link, spread=np.full(15, 1.0))
            for by in (0, step, -step)
        )
        assert np.allclose(at.score, (up.log_some - down.log_some) / (2 * step), atol=1e-5)
        assert np.allclose(at.slope, (up.log_none - down.log_none) / (2 * step), atol=1e-5)


def test_what_selection_does_to_logged_hours_is_what_drawing_shows():
    rng = np.random.default_rng(8)
    luck = rng.gamma(1 / 0.6, 0.6, 400_000)
    kept = luck[rng.uniform(size=luck.size) > np.exp(-0.7 * luck)]
    said = unlogged(np.log([0.7]), seen=np.array([0.6]), link=0.0, spread=np.array([0.6]))

    assert np.isclose(np.exp(said.log_none[0]), 1 - kept.size / luck.size, atol=0.003)
    assert np.isclose(np.exp(said.log_lift[0]), kept.mean(), rtol=0.005)
    assert np.isclose(said.spread[0], kept.var() / kept.mean() ** 2, rtol=0.02)


def test_with_one_factor_and_everything_logged_the_fit_is_the_shrunk_ratio_of_means():
    # The penalized gamma likelihood of one free weight, maximized by looking at every place.
    rng = np.random.default_rng(6)
    level = np.arange(80) % 2
    hours = rng.gamma(3.0, 1.0, 80) * np.where(level == 1, 2.0, 1.0)
    known = design(hours, np.full(80, 8.0), level[:, None], [[1.0, 1.5]], person=np.zeros(80, int))
    found = fitted(known, Setting(pull=0.2), start(known))
    spread, level_0 = found.state.spread, found.state.weights[0] + found.state.people[0]
    weights = np.linspace(-0.5, 1.5, 20_001)
    in_level = hours[level == 1] / np.exp(level_0) / 8.0
    height = -(in_level.sum() * np.exp(-weights) + in_level.size * weights) / spread
    height -= (weights - np.log(1.5)) ** 2 / (2 * 0.2**2)

    assert np.isclose(found.logs[0], weights[np.argmax(height)], atol=2e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_nearest_point_with_given_signs_is_the_best_of_many(seed):
    rng = np.random.default_rng(seed)
    root = rng.standard_normal((3, 3))
    covariance, mean, sign = (
        root @ root.T + 0.1 * np.eye(3),
        rng.standard_normal(3),
        rng.choice([-1.0, 1.0], 3),
    )
    precision = np.linalg.inv(covariance)

    def far(point):
        return np.einsum("...i,ij,...j->...", point - mean, precision, point - mean)

    found = nearest_signed(mean, covariance, sign)
    others = sign * np.abs(found + rng.standard_normal((500, 3)) * rng.choice([0.01, 0.3, 2.0], (500, 1)))

    assert (sign * found >= 0).all() and (far(others) >= far(found) - 1e-9).all()
