"""Sums of independent events by month: the simulation against the closed form and against small cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine.event_sums import BLOCKS, Arrivals, Holdings, Streams, moments, simulate

MONTHS = 12
RUNS = 20_000


def rising(rng: np.random.Generator, parts: int, most: float = 1.0) -> np.ndarray:
    """Return chances to have happened by each month."""
    return np.sort(rng.random((parts, MONTHS)) * most, axis=1)


def made(kind: str, seed: int) -> Holdings | Arrivals | Streams:
    rng = np.random.default_rng(seed)
    parts = int(rng.integers(1, 60))
    if kind == "streams":
        return Streams(rng.random(3) * 5, rng.random((3, MONTHS)) * 4)
    if kind == "arrivals":
        kinds = rng.integers(0, 4, parts)
        return Arrivals(rng.random(parts) * 9, kinds, rising(rng, parts), rng.random((4, MONTHS)))
    if kind == "renewals":
        begun = np.arange(MONTHS) >= rng.integers(0, MONTHS + 1, parts)[:, None]
        return Holdings(rng.random((parts, MONTHS)) * 30, begun * rng.random((parts, 1)))
    away = rng.random((parts, MONTHS)) if kind == "away" else None
    return Holdings(rng.random((parts, MONTHS)) * 30, rising(rng, parts, 0.6), away)


@pytest.mark.parametrize("kind", ["holdings", "renewals", "away", "arrivals", "streams"])
@pytest.mark.parametrize("seed", range(6))
def test_the_simulation_has_the_mean_and_the_variance_of_the_closed_form(kind, seed):
    parts = made(kind, seed)
    found, exact = simulate(parts, runs=RUNS, seed=seed), moments(parts)

    spread = np.sqrt(exact.variance)
    assert (np.abs(found.mean(axis=0) - exact.mean) <= 5 * spread / np.sqrt(RUNS) + 1e-9).all()
    assert np.allclose(found.var(axis=0), exact.variance, rtol=0.08, atol=1e-9)


def test_a_sum_of_bernoulli_wins_is_np_and_npq():
    chances = np.array([0.1, 0.5, 0.9])
    wins = Arrivals(np.ones(3), np.zeros(3, int), np.tile(chances[:, None], MONTHS), np.ones((1, MONTHS)))

    assert moments(wins).mean == pytest.approx(np.full(MONTHS, 1.5))
    assert moments(wins).variance == pytest.approx(np.full(MONTHS, 0.09 + 0.25 + 0.09))
    assert set(np.unique(simulate(wins, runs=500, seed=1))) <= {0.0, 1.0, 2.0, 3.0}


def test_every_outcome_of_two_wins_in_two_months_comes_as_often_as_it_should():
    """A win counts 2 in its month and 1 after: all nine pairs are gone through by hand."""
    by = np.array([[0.2, 0.5], [0.0, 0.4]])
    wins = Arrivals(np.ones(2), np.zeros(2, int), by, np.array([[2.0, 1.0]]))
    found = simulate(wins, runs=200_000, seed=3)
    first, second = {0.2: (2, 1), 0.3: (0, 2), 0.5: (0, 0)}, {0.0: (2, 1), 0.4: (0, 2), 0.6: (0, 0)}
    for one, this in first.items():
        for other, that in second.items():
            expected = sum(
                p * q
                for p, a in first.items()
                for q, b in second.items()
                if (a[0] + b[0], a[1] + b[1]) == (this[0] + that[0], this[1] + that[1])
            )
            both = (found == [this[0] + that[0], this[1] + that[1]]).all(axis=1).mean()
            assert both == pytest.approx(expected, abs=0.005), (one, other)


def test_who_is_away_for_a_part_of_the_month_gives_a_part():
    parts = Holdings(np.full((1, 2), 8.0), np.zeros((1, 2)), np.full((1, 2), 0.5))

    assert set(np.unique(simulate(parts, runs=400, seed=1))) == {8.0 * k / BLOCKS for k in range(BLOCKS + 1)}


def test_certain_events_are_certain():
    amounts = np.arange(1.0, 13.0)[None, :]
    stays = Holdings(amounts, np.zeros((1, MONTHS)))
    goes = Holdings(amounts, np.repeat([[0.0, 1.0]], [6, 6], axis=1))

    assert (simulate(stays, runs=7, seed=1) == amounts).all()
    assert (simulate(goes, runs=7, seed=1) == np.where(np.arange(MONTHS) < 6, amounts, 0)).all()
    assert (moments(goes).variance == 0).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.sampled_from(["holdings", "away", "arrivals", "streams"]))
def test_the_same_seed_gives_the_same_answer(seed, kind):
    parts = made(kind, seed)

    assert (simulate(parts, runs=50, seed=seed) == simulate(parts, runs=50, seed=seed)).all()


def test_a_changed_part_leaves_what_befalls_the_others():
    before = made("holdings", 4)
    amounts = before.amounts.copy()
    amounts[0] = 0.0
    after = Holdings(amounts, before.ended_by)
    gone = simulate(before, runs=300, seed=9) - simulate(after, runs=300, seed=9)
    alone = Holdings(before.amounts[:1], before.ended_by[:1])

    assert gone.min() >= -1e-9 and gone.max() <= alone.amounts.max() + 1e-9


def test_many_parts_are_drawn_a_few_runs_at_a_time(monkeypatch):
    parts = made("holdings", 2)
    whole = simulate(parts, runs=64, seed=5)
    monkeypatch.setattr("evenbook.engine.event_sums.AT_ONCE", 7)

    assert np.allclose(simulate(parts, runs=64, seed=5), whole)


def test_what_is_decided_in_one_month_is_as_if_it_were_decided_in_any():
    some = made("renewals", 3)
    blurred = some.ended_by.copy()
    blurred[:, 1:] = np.minimum(1.0, blurred[:, 1:] * (1 + 1e-12) + 1e-15)
    near = Holdings(some.amounts, np.maximum.accumulate(blurred, axis=1))

    assert np.allclose(simulate(some, runs=400, seed=8), simulate(near, runs=400, seed=8))


def test_without_parts_there_is_nothing():
    none = Holdings(np.zeros((0, MONTHS)), np.zeros((0, MONTHS)))

    assert (simulate(none, runs=3, seed=1) == 0).all()
    assert (moments(none).mean == 0).all()


@pytest.mark.parametrize(
    "wrong", [[[0.5, 0.2]], [[-0.1, 0.2]], [[0.2, 1.1]], [[0.1, float("nan")]], [[0.1, 0.2, 0.3]]]
)
def test_chances_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="chance"):
        Holdings(np.ones((1, 2)), np.array(wrong))
