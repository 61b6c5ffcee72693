"""Usage by account and week, and what the feeds delivered. All that is drawn here is in ``ranges``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import ranges
from evenbook.sources.sample.axis import Axis, Flags, Floats, Ints, stream
from evenbook.sources.sample.contracts import Holdings
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.story import FEED_OF_REGION, FEEDS, OUTAGES
from evenbook.sources.sample.world import Block, World, ids

MEASURES = ("active_users", "key_actions")
FEATURES = (
    ("exports", 0, 0.7, 0.3),
    ("scenarios", 1, 0.55, 0.2),
    ("syncs", 2, 0.8, 0.5),
    ("reports_built", 3, 0.5, 0.1),
)
"""Measure of a feature, the product that it is part of, the share that tries it, uses a user and week."""

FEATURE_WEEKS = 14
"""Since so many weeks features are counted: a quarter and the week before it."""

SETTLES_WEEKS = 6.0
RECOVERS_DAYS = 42.0


@dataclass(frozen=True)
class Fleet:
    """What all accounts have in common: the season, and the weeks that the feeds missed."""

    season: Floats
    delivered: Floats
    """By feed and week: the share of accounts that it delivered."""


def fleet(seed: int, axis: Axis) -> Fleet:
    """Return the season and the outages."""
    rng = stream(seed, "fleet")
    amplitude, phase = rng.uniform(*ranges.SEASON), rng.uniform(0, 2 * np.pi)
    left = rng.uniform(*ranges.YEAR_END_LEFT)
    starts = axis.week_starts()
    of_year = np.array([start.timetuple().tm_yday for start in starts]) / 365.25
    around = np.array([_is_year_end(start.month, start.day) for start in starts])
    season = np.exp(amplitude * np.sin(2 * np.pi * of_year + phase)) * np.where(around, left, 1.0)
    delivered = np.ones((len(FEEDS), axis.weeks))
    for outage in OUTAGES:
        first = axis.weeks - outage.first_week
        if first >= 0:
            delivered[outage.feed, first : axis.weeks - outage.last_week + 1] = 0.0
            delivered[outage.feed, first] = outage.first_share
    return Fleet(season, delivered)


def _is_year_end(month: int, day: int) -> bool:
    """Return whether a week that starts on this day holds Christmas or New Year."""
    return (month == 12 and day >= 19) or (month == 1 and day == 1)


def levels(block: Block, shared: Fleet) -> Floats:
    """Return the users that each account is expected to have, by week."""
    rng, life = block.stream("levels"), block.world.lives
    mine, weeks = block.accounts, block.world.axis.weeks
    steps = rng.normal(size=(len(mine), weeks)) * life.wander[mine][:, None]
    wander = np.zeros_like(steps)
    for now in range(1, weeks):
        wander[:, now] = wander[:, now - 1] * (1 - ranges.WANDER_PULL) + steps[:, now]
    week = np.arange(weeks)
    middle = week * 7 + 3.5
    age = np.maximum(0.0, (middle - life.started[mine][:, None]) / 7)
    level = np.log(np.maximum(life.users[mine], 1e-9))[:, None] + life.growth[mine][:, None] * week + wander
    settling = 1 - 0.85 * np.exp(-age / SETTLES_WEEKS)
    return np.exp(level) * settling * _fallen(block, middle) * shared.season


def _fallen(block: Block, middle: Floats) -> Floats:
    """Return the share of users that falls and recoveries leave, by week."""
    life, mine = block.world.lives, block.accounts
    begun = (middle - life.fall_at[mine][:, None]) / life.fall_days[mine][:, None]
    left = 1 - (1 - life.fall_left[mine][:, None]) * np.clip(np.nan_to_num(begun, nan=0.0), 0, 1)
    back = np.clip(np.nan_to_num((middle - life.fall_ends[mine][:, None]) / RECOVERS_DAYS, nan=0.0), 0, 1)
    return left + (1 - left) * back


def counts(block: Block, shared: Fleet) -> tuple[Ints, Ints]:
    """Return weekly users and key actions as they were counted; 0 outside the account's life."""
    rng, life = block.stream("counts"), block.world.lives
    mine = block.accounts
    expected = levels(block, shared)
    noisy = life.dispersion[mine][:, None]
    users = rng.poisson(expected * rng.gamma(noisy, 1 / noisy, size=expected.shape))
    actions = rng.poisson(
        users * life.actions_per_user[mine][:, None] * rng.gamma(8, 1 / 8, size=users.shape)
    )
    alive = _alive(block)
    return users * alive, actions * alive


def _alive(block: Block) -> Flags:
    """Return the weeks in which an account used the product: from its start until it left, or stopped."""
    life, mine = block.world.lives, block.accounts
    start = np.arange(block.world.axis.weeks) * 7
    gone = np.fmin(life.churned[mine], life.unused_since[mine])
    ends = np.where(np.isnan(gone), np.inf, gone)[:, None]
    return (start + 7 > life.started[mine][:, None]) & (start + 7 <= ends)


def weeks_of(block: Block, shared: Fleet, held: Holdings) -> pa.Table:
    """Return the usage rows: one a week, account and measure; a week without usage has none."""
    world, mine = block.world, block.accounts
    rng = block.stream("delivery")
    feed = np.asarray(FEED_OF_REGION)[world.lives.region[mine]]
    arrives = rng.random((len(mine), world.axis.weeks)) < shared.delivered[feed]
    told_at = _told(world.axis)
    tables = []
    users, actions = counts(block, shared)
    told = {**dict(zip(MEASURES, (users, actions), strict=True)), **features(block, held, users)}
    for measure, values in told.items():
        place, week = np.nonzero((values > 0) & arrives & (told_at <= world.axis.cut))
        tables.append(
            pa.table(
                {
                    "account_id": ids(mine[place]),
                    "week_on": world.axis.dates(week * 7.0),
                    "measure": pick([measure], np.zeros(len(place), dtype=np.int64)),
                    "value": pa.array(values[place, week].astype(np.float64)),
                    "known_at": world.axis.instants(told_at[week]),
                    "source": pick(FEEDS, feed[place]),
                }
            )
        )
    return pa.concat_tables(tables)


def features(block: Block, held: Holdings, users: Ints) -> dict[str, Ints]:
    """Return how often features were used in each of the last weeks, by those who have their product.

    Many never try a feature that they pay for. Before these weeks nobody counted it.
    """
    rng, mine, axis = block.stream("features"), block.accounts, block.world.axis
    counted = np.arange(axis.weeks) >= axis.weeks - FEATURE_WEEKS
    found = {}
    for measure, product, tried, a_user in FEATURES:
        has = np.zeros(len(mine), dtype=bool)
        has[np.isin(mine, held.account[(held.product == product) & (held.since < axis.cut)])] = True
        has &= rng.random(len(mine)) < tried
        found[measure] = rng.poisson(users * a_user) * (has[:, None] & counted)
    return found


def _told(axis: Axis) -> Floats:
    """Return when each week was delivered: the night after it was over."""
    return np.asarray(np.arange(axis.weeks) * 7.0 + 7 + 4 / 24)


def feed_weeks(world: World, shared: Fleet) -> pa.Table:
    """Return how complete each feed was; a week that did not come has no row."""
    told_at, counted = _told(world.axis), max(0, world.axis.weeks - FEATURE_WEEKS)
    sinces = (*((name, 0) for name in MEASURES), *((each[0], counted) for each in FEATURES))
    rows = [
        (FEEDS[feed], measure, week, shared.delivered[feed, week])
        for feed in range(len(FEEDS))
        for measure, since in sinces
        for week in range(since, world.axis.weeks)
        if shared.delivered[feed, week] > 0 and told_at[week] <= world.axis.cut
    ]
    weeks = np.array([row[2] for row in rows])
    first = world.axis.first_on
    return pa.table(
        {
            "source": [row[0] for row in rows],
            "measure": [row[1] for row in rows],
            "week_on": [first + timedelta(weeks=int(week)) for week in weeks],
            "share": [float(row[3]) for row in rows],
            "known_at": world.axis.instants(told_at[weeks]),
        }
    )
