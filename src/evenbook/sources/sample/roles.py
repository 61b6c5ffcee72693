"""Roles on accounts besides the owner's: who onboards some of the new ones, who sells to some of the largest.

Of each eight people one onboards for others and one has the expansion of others' accounts, so roles are as
rare in a large company as in the small one. They are drawn by a stream of their own: no other row of the
company depends on them.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import Flags, Floats, Ints
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.team import NAMED, NOBODY, PLACE, Team
from evenbook.sources.sample.world import Block, constant, dated, ids, known_rows, told

ONBOARDING, EXPANSION = "onboarding", "expansion"
HOLDERS = {ONBOARDING: PLACE["haruka"], EXPANSION: PLACE["chidi"]}
"""Which of each eight people has the role on accounts of others."""


def roles(block: Block) -> pa.Table:
    """Return the onboarding and expansion owners of some accounts, and from when on they are."""
    world, rng, mine = block.world, block.stream("roles"), block.accounts
    life, axis = world.lives, world.axis
    owner = world.owners.at(mine, np.full(len(mine), axis.cut))
    plain = (owner != NOBODY) & life.active_at(axis.cut)[mine] & ~life.pinned[mine]
    chance = rng.random((2, len(mine)))
    begins = life.started[mine]
    sells_from = np.floor(np.maximum(begins, 0) + rng.uniform(*shape.EXPANDED_AFTER, size=len(mine))) + 0.375
    new = plain & (begins > axis.cut - shape.ONBOARDED_FOR) & (chance[0] < shape.ONBOARDED)
    large = plain & (life.tier[mine] == 0) & (sells_from < axis.cut - 1) & (chance[1] < shape.EXPANDED)
    turn = rng.integers(1 << 30, size=len(mine))
    parts = (
        _given(world.team, ONBOARDING, mine, owner, turn=turn, which=new, since=begins),
        _given(world.team, EXPANSION, mine, owner, turn=turn, which=large, since=sells_from),
    )
    account, person, since = (np.concatenate(each) for each in zip(*parts, strict=True))
    kind = np.repeat([0, 1], [len(each[0]) for each in parts])
    known = told(rng, "crm", since)
    return known_rows(
        axis,
        {
            "account_id": ids(account),
            "role": pick((ONBOARDING, EXPANSION), kind),
            "person_id": ids(person),
            "pool_id": ids(np.full(len(account), NOBODY)),
            "reason": constant("", len(account)),
            "source": constant("crm", len(account)),
            **dated(axis, since, known),
        },
        known,
    )


def _given(
    team: Team, role: str, account: Ints, owner: Ints, *, turn: Ints, which: Flags, since: Floats
) -> tuple[Ints, Ints, Floats]:
    """Return the accounts that go to somebody with the role who does not own them, who that is, from when."""
    places = np.arange(team.csms)
    holders = places[
        (places % NAMED == HOLDERS[role]) & ~team.overloaded[: team.csms] & ~team.ramping[: team.csms]
    ]
    if not len(holders):
        none = np.zeros(0, dtype=np.int64)
        return none, none, none.astype(np.float64)
    person = holders[turn % len(holders)]
    kept = which & (person != owner)
    return account[kept], person[kept], since[kept]
