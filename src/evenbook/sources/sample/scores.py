"""Scores from outside: the CRM's health score each month, surveys twice a year,
of half of the accounts how likely they recommend, of the others how content they are.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample.axis import Floats, Ints
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.world import Block, ids, keys, known_rows, told, versioned

HEALTH_DAYS = 30.0
SURVEY_DAYS = 182.0
ANSWERED = 0.45


def scores(block: Block) -> pa.Table:
    """Return the scores of a block's accounts in tiers 1 to 3."""
    world, rng = block.world, block.stream("scores")
    health, survey = _health(block, rng), _survey(block, rng)
    account = np.concatenate((health[0], survey[0]))
    at = np.concatenate((health[1], survey[1]))
    raw = np.concatenate((health[2], survey[2])).astype(np.int64)
    kind = np.concatenate((np.zeros(len(health[0]), int), 1 + survey[0] % 2))
    order = np.lexsort((at, account))
    account, at, raw, kind = account[order], at[order], raw[order], kind[order]
    number = np.arange(len(account)) - np.searchsorted(account, account)
    known = told(rng, "crm", at)
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "kind": pick(("health", "nps", "csat"), kind),
            "value": pa.array(np.where(kind == 0, raw, raw * 10).astype(np.float64)),
            "raw": pc.cast(pa.array(raw), pa.string()),
            "scale": pick(("0-100", "0-10", "0-10"), kind),
            "high_is_good": pa.array(np.ones(len(account), dtype=bool)),
            **versioned(world.axis, at, known, source="crm", external_id=keys("S", account + 1, number + 1)),
        },
        known,
    )


def _days(block: Block, rng: np.random.Generator, mine: Ints, every: float) -> tuple[Ints, Floats]:
    life, axis = block.world.lives, block.world.axis
    turns = np.arange(int(np.ceil(axis.cut / every)) + 1)
    days = (rng.uniform(0, every, len(mine))[:, None] + turns * every) + rng.uniform(
        0, 3, (len(mine), len(turns))
    )
    ends = np.where(np.isnan(life.churned[mine]), axis.cut, life.churned[mine])[:, None]
    place = np.nonzero((days > life.started[mine][:, None] + 30) & (days < ends))
    return mine[place[0]], days[place]


def _scored(block: Block, tiers: int) -> Ints:
    life, mine = block.world.lives, block.accounts
    return np.asarray(mine[life.tier[mine] < tiers])


def _health(block: Block, rng: np.random.Generator) -> tuple[Ints, Floats, Floats]:
    """Return the CRM's score: a mixture of mood and usage, late and noisy as such scores are."""
    life = block.world.lives
    account, at = _days(block, rng, _scored(block, 3), HEALTH_DAYS)
    fell = np.nan_to_num(np.clip((at - 30 - life.fall_at[account]) / 60, 0, 1))
    back = np.nan_to_num(np.clip((at - 30 - life.fall_ends[account]) / 60, 0, 1))
    usual = 72 + 28 * (life.mood[account] - 0.35)
    value = usual - 22 * (1 - life.fall_left[account]) * fell * (1 - back) + rng.normal(0, 7, len(at))
    return account, at, np.round(np.clip(value, 0, 100))


def _survey(block: Block, rng: np.random.Generator) -> tuple[Ints, Floats, Floats]:
    life = block.world.lives
    account, at = _days(block, rng, _scored(block, 2), SURVEY_DAYS)
    answered = (rng.random(len(account)) < ANSWERED) & ~(at > life.silent_since[account])
    account, at = account[answered], at[answered]
    soured = 2.0 * np.nan_to_num(np.clip((at - life.sentiment_fell[account]) / 28, 0, 1))
    value = 8.2 + 3 * (life.mood[account] - 0.35) - soured + rng.normal(0, 1.5, len(at))
    return account, at, np.round(np.clip(value, 0, 10))
