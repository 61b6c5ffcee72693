"""Support tickets: how many, how urgent, how soon solved."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import NEVER, Floats, Ints
from evenbook.sources.sample.names import pick
from evenbook.sources.sample.story import place_of
from evenbook.sources.sample.world import (
    Block,
    constant,
    ids,
    keys,
    known_rows,
    told,
    until_next,
    versioned,
    with_second,
)

RISE_DAYS = 70.0
RISE_FACTOR = 2.5
LOUD_ESCALATES = 0.07
SUBJECTS = (
    "Export stops halfway",
    "Report shows the wrong month",
    "How do we add a team?",
    "Sign-in fails after the update",
    "Import rejects our file",
    "Dashboard is slow on Mondays",
    "Notification arrives twice",
    "Please raise our limit",
    "Umlaute fehlen im PDF",
    "Le filtre ne s'applique pas",
)


def tickets(block: Block) -> tuple[pa.Table, tuple[Ints, Floats]]:
    """Return the tickets of a block, and the account and day of those that escalated.

    An escalated ticket has two versions: as it was opened, and with its raised priority.
    """
    world, rng, life = block.world, block.stream("tickets"), block.world.lives
    account, opened = _opened(block, rng)
    count = len(account)
    priority = np.searchsorted(np.cumsum(shape.PRIORITY_SHARES)[:-1], rng.random(count), side="right")
    chance = np.asarray(shape.ESCALATED)[life.tier[account]]
    chance = np.where(account == place_of("loud_healthy"), LOUD_ESCALATES, chance)
    escalates = rng.random(count) < chance
    solved = opened + rng.lognormal(0.7, 0.9, count) * np.where(escalates, 5.0, 1.0)
    escalated = np.where(escalates, opened + (solved - opened) * rng.uniform(0.2, 0.6, count), NEVER)
    number = np.arange(count) - np.searchsorted(account, account)
    told_at = told(rng, "helpdesk", opened)
    row, second = with_second(escalates)
    known = np.where(second, np.fmax(escalated[row] + 0.004, told_at[row] + 0.001), told_at[row])
    raised = np.where(second, np.maximum(priority[row], 2), priority[row])
    who = account[row]
    columns = {
        "account_id": ids(who),
        "subject": pick(SUBJECTS, rng.integers(len(SUBJECTS), size=count)[row]),
        "priority": pick(shape.PRIORITIES, raised),
        "kind": pick(shape.TICKET_KINDS, np.searchsorted(shape.TICKET_KIND_EDGES, rng.random(count))[row]),
        "escalated_at": world.axis.instants(np.where(second, escalated[row], NEVER)),
        **_endings(block, rng, solved, row),
        "custom": constant("{}", len(row)),
        **versioned(
            world.axis,
            opened[row],
            known,
            source="helpdesk",
            external_id=keys("T", who + 1, number[row] + 1),
            until=until_next(row, known),
        ),
    }
    happened = escalates & (escalated < world.axis.cut)
    return known_rows(world.axis, columns, known), (account[happened], escalated[happened])


def _opened(block: Block, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Return account and day of every ticket, sorted by account and day."""
    life, axis, mine = block.world.lives, block.world.axis, block.accounts
    opens = np.maximum(life.started[mine], 0)
    ends = np.where(np.isnan(life.churned[mine]), axis.cut, life.churned[mine])
    usual = rng.poisson(life.tickets_a_day[mine] * np.maximum(ends - opens, 0))
    rises = np.nan_to_num(np.clip(ends - life.tickets_rose[mine], 0, RISE_DAYS))
    more = rng.poisson((RISE_FACTOR - 1) * life.tickets_a_day[mine] * rises)
    place = np.repeat(np.arange(len(mine)), usual)
    extra = np.repeat(np.arange(len(mine)), more)
    begins = life.tickets_rose[mine][extra]
    day = np.concatenate((rng.uniform(opens[place], ends[place]), rng.uniform(begins, begins + rises[extra])))
    account = mine[np.concatenate((place, extra))]
    order = np.lexsort((day, account))
    return account[order], day[order]


def _endings(block: Block, rng: np.random.Generator, solved: Floats, row: Ints) -> dict[str, pa.Array]:
    """Return when tickets were solved and how content the customer was, as far as that is past."""
    axis = block.world.axis
    rated = rng.random(len(solved)) < 0.3
    rated_at = solved + rng.uniform(0.05, 2, len(solved))
    good = rng.random(len(solved)) < 0.82
    rating = np.where(good, 100.0, rng.choice([0.0, 25.0, 50.0], size=len(solved)))
    shown = rated & (rated_at < axis.cut)
    return {
        "solved_at": axis.instants(np.where(solved < axis.cut, solved, NEVER)[row]),
        "satisfaction": pa.array(rating[row], mask=~shown[row]),
        "satisfaction_at": axis.instants(np.where(shown, rated_at, NEVER)[row]),
    }
