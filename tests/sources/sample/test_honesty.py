"""The sample is not made to fit a detector: churn seldom shows in usage, and falls seldom end in churn.

The shares hold on every seed by what was drawn, and on the counts themselves, noise included.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from evenbook.sources.sample import ranges, usage
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.lives import LEAST_BEFORE_CHURN
from evenbook.sources.sample.world import World, blocks, make

AXIS = Axis(date(2026, 3, 9))
SEEDS = (1, 2, 3, 7, 11)
FELL_BELOW = 0.7
LEAST_USERS = 5


@pytest.mark.parametrize("seed", SEEDS)
def test_at_least_half_of_the_churns_come_without_a_fall_and_half_of_the_falls_without_churn(seed):
    life = make(seed, AXIS, accounts=320).lives
    churned, fell = life.churned > 0, ~np.isnan(life.fall_at) & ~life.pinned

    long_seen = churned & (life.churned - np.maximum(life.started, 0) > LEAST_BEFORE_CHURN)

    assert long_seen.sum() > 20 and fell.sum() > 20
    assert np.mean(~fell[churned]) >= 0.5
    assert 0.5 <= np.mean(~fell[long_seen]) <= 0.8
    assert 0.5 <= np.mean(~churned[fell]) <= 0.8


def test_what_the_usage_shows_is_as_honest_as_what_was_drawn():
    without_fall, without_churn = [], []
    for seed in SEEDS:
        world = make(seed, AXIS, accounts=320)
        users, left_in = _counted(world)
        without_fall += _churns_without_a_fall(users, left_in)
        without_churn += _falls_without_churn(users, left_in)

    assert len(without_fall) > 100 and len(without_churn) > 100
    assert np.mean(without_fall) >= 0.5
    assert np.mean(without_churn) >= 0.5


def test_a_fall_is_as_deep_whether_the_account_leaves_or_stays():
    life = make(1, AXIS, accounts=10_000).lives
    leaves, stays = (
        life.fall_left[~np.isnan(life.fall_at) & gone]
        for gone in (~np.isnan(life.churned), np.isnan(life.churned))
    )

    assert abs(leaves.mean() - stays.mean()) < 0.02
    assert abs(leaves.std() - stays.std()) < 0.02


@pytest.mark.parametrize("seed", SEEDS)
def test_about_as_many_leave_as_the_ranges_say(seed):
    life = make(seed, AXIS, accounts=3_000).lives
    due = (life.dues > -365) & (life.dues < AXIS.cut) & ~life.pinned[:, None]
    due &= ~(life.dues > np.where(np.isnan(life.churned), np.inf, life.churned)[:, None])
    for tier, share in enumerate(ranges.CHURN_A_YEAR):
        renewals = due[life.tier == tier].sum()
        lost = (~np.isnan(life.churned[life.tier == tier])).sum()
        assert 0.75 * share < lost / renewals < 1.45 * share


@pytest.mark.parametrize("seed", SEEDS)
def test_as_many_leave_in_the_year_before_the_history_as_in_it(seed):
    """Retention over a year, in the first year of the history, looks back to before it."""
    life = make(seed, AXIS, accounts=3_000).lives
    a_year = [
        ((life.churned > first) & (life.churned <= first + 365)).sum()
        / ((life.started <= first) & ~(life.churned <= first)).sum()
        for first in (-365, 0, 365)
    ]
    assert max(a_year) < 1.35 * min(a_year)


def _counted(world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return weekly users with the season taken out, and the week in which each account left."""
    shared = usage.fleet(world.seed, world.axis)
    users = np.concatenate([usage.counts(block, shared)[0] for block in blocks(world)]).astype(float)
    left_in = np.where(np.isnan(world.lives.churned), 10_000, world.lives.churned // 7)
    whole = (users > 0).all(axis=1) & (users.mean(axis=1) >= LEAST_USERS)
    index = np.median(users[whole] / users[whole].mean(axis=1, keepdims=True), axis=0)
    return users / index, left_in.astype(int)


def _churns_without_a_fall(users: np.ndarray, left_in: np.ndarray) -> list[bool]:
    found = []
    for series, week in zip(users, left_in, strict=True):
        before = series[max(0, week - 36) : max(0, week - 28)]
        if week < 10_000 and len(before) == 8 and before.mean() >= LEAST_USERS:
            found.append(series[week - 5 : week].mean() >= FELL_BELOW * before.mean())
    return found


def _falls_without_churn(users: np.ndarray, left_in: np.ndarray) -> list[bool]:
    """Return for each account whose usage fell, seen half a year on, whether it was still a customer.

    Only falls that half a year of history comes after; the account may have left within it.
    """
    found = []
    for series, week in zip(users, left_in, strict=True):
        for now in range(24, min(week, users.shape[1] - 26)):
            usual = series[now - 20 : now - 8].mean()
            if usual >= LEAST_USERS and series[now - 4 : now].mean() < FELL_BELOW * usual:
                found.append(week > now + 26)
                break
    return found
