"""Customers who ask for a feature of a product that they do not have, again and again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import NEVER
from evenbook.sources.sample.contracts import Holdings
from evenbook.sources.sample.names import PRODUCTS, pick
from evenbook.sources.sample.world import Block, constant, ids, keys, known_rows, told, versioned

ASKS = 0.03
"""Share of the active accounts of tiers 1 to 3 that ask."""

TIMES = (3, 5)
WITHIN_DAYS = 55.0
PRODUCT = PRODUCTS.index("Studio")
SUBJECTS = (
    "Can we build a report of our own?",
    "Another column in the monthly report, please",
    "A report by region would save us a day",
    "When can we change the report ourselves?",
)


def asks(block: Block, held: Holdings) -> pa.Table:
    """Return the tickets with which a block's accounts asked, in the last weeks, for what Studio does."""
    world, rng, mine = block.world, block.stream("asks"), block.accounts
    active = world.lives.active_at(world.axis.cut)[mine] & (world.lives.tier[mine] < 3)
    active &= world.lives.started[mine] < world.axis.cut - 120
    active &= ~np.isin(mine, held.account[held.product == PRODUCT])
    who = mine[active & (rng.random(len(mine)) < ASKS)]
    times = rng.integers(TIMES[0], TIMES[1], size=len(who))
    account = np.repeat(who, times)
    count = len(account)
    number = np.arange(count) - np.repeat(np.cumsum(times) - times, times)
    opened = world.axis.cut - rng.uniform(2.0, WITHIN_DAYS, count)
    solved = opened + rng.lognormal(0.7, 0.9, count)
    known = told(rng, "helpdesk", opened)
    columns = {
        "account_id": ids(account),
        "subject": pick(SUBJECTS, number),
        "priority": constant("normal", count),
        "kind": constant(shape.TICKET_KINDS[-1], count),
        "escalated_at": world.axis.instants(np.full(count, NEVER)),
        "solved_at": world.axis.instants(np.where(solved < world.axis.cut, solved, NEVER)),
        "satisfaction": pa.nulls(count, pa.float64()),
        "satisfaction_at": world.axis.instants(np.full(count, NEVER)),
        "custom": constant("{}", count),
        **versioned(
            world.axis, opened, known, source="helpdesk", external_id=keys("TF", account + 1, number + 1)
        ),
    }
    return known_rows(world.axis, columns, known)
