"""Accounts as application tables: identities, aliases, dated attributes, owners, contacts."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample import money, shape
from evenbook.sources.sample.axis import NEVER, Floats, Ints, stream
from evenbook.sources.sample.lives import YEAR
from evenbook.sources.sample.names import STEMS_OF_TWO, company_names, people_names, pick
from evenbook.sources.sample.story import CAST, place_of
from evenbook.sources.sample.team import NOBODY
from evenbook.sources.sample.world import (
    Block,
    World,
    constant,
    dated,
    ids,
    keys,
    known_rows,
    told,
    until_next,
    versioned,
    with_second,
)
from evenbook.sources.values.names import match_name

TITLES = (
    "Head of Operations",
    "Chief Information Officer",
    "Program Manager",
    "Team Lead",
    "Analyst",
    "Director of Finance",
    "Process Owner",
    "Administrator",
)
ROLES = ("champion", "sponsor", "user", "administrator")


def identities(world: World) -> pa.Table:
    """Return the accounts themselves, all at once: their names must differ."""
    life, axis, count = world.lives, world.axis, world.lives.count
    rng = stream(world.seed, "names")
    names, domains = company_names(count, life.country, shape.COUNTRIES, rng.permutation(STEMS_OF_TWO))
    for place, part in enumerate(CAST):
        names[place], domains[place] = part.name, part.domain
    known = told(rng, "crm", life.started)
    custom = [json.dumps({"country": shape.COUNTRIES[place]}) for place in life.country]
    custom[place_of("mismatched")] = json.dumps(
        {"country": "CA", "crm_record": "merged by import, not reviewed"}
    )
    return pa.table(
        {
            "id": ids(np.arange(count)),
            "key": keys("A", np.arange(count) + 1),
            "name": names,
            "matched_name": [match_name(name) or name for name in names],
            "domain": domains,
            "parent_id": pa.nulls(count, pa.int64()),
            "started_at": axis.instants(life.started),
            "known_at": axis.instants(np.minimum(known, axis.cut)),
            "merged_into_id": pa.nulls(count, pa.int64()),
            "custom": custom,
        }
    )


def aliases(block: Block) -> pa.Table:
    """Return by what id each source calls an account; digital ones never wrote to the helpdesk."""
    mine, life = block.accounts, block.world.lives
    helped = mine[(life.tier[mine] < 3) & (mine != place_of("duplicate"))]
    parts = (
        (mine, "crm", keys("A", mine + 1)),
        (mine, "product", keys("T", mine + 1)),
        (helped, "helpdesk", keys("H", helped + 1)),
    )
    return pa.table(
        {
            "account_id": ids(np.concatenate([part[0] for part in parts])),
            "source": pa.concat_arrays([constant(part[1], len(part[0])) for part in parts]),
            "external_id": pa.concat_arrays([part[2].cast(pa.string()) for part in parts]),
        }
    )


def values(block: Block) -> pa.Table:
    """Return the dated attributes of accounts, as the CRM told of them."""
    world, rng = block.world, block.stream("values")
    mine = block.accounts
    parts = [*_fixed(world, mine), *_tiers(world, mine), *_stages(block, mine), *_ends(world, mine)]
    account = np.concatenate([part[0] for part in parts])
    happened = np.concatenate([part[1] for part in parts])
    known = told(rng, "crm", happened)
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "name": pa.concat_arrays([constant(part[2], len(part[0])) for part in parts]),
            "value": pa.concat_arrays([part[3] for part in parts]),
            "source": constant("crm", len(account)),
            **dated(world.axis, happened, known),
        },
        known,
    )


Value = tuple[Ints, Floats, str, pa.Array]


def _fixed(world: World, mine: Ints) -> list[Value]:
    """Return what an account is from its first day on."""
    life = world.lives
    said = {
        "segment": pick(shape.SEGMENTS, life.segment[mine]),
        "region": pick(shape.REGIONS, life.region[mine]),
        "industry": pick(shape.INDUSTRIES, life.industry[mine]),
        "complexity": _text(life.complexity[mine]),
        "integrations": _text(life.integrations[mine]),
        "use_cases": _text(life.use_cases[mine]),
        "status": constant("active", len(mine)),
        "seats": _text(seats(world, mine)),
    }
    rows: list[Value] = [(mine, life.started[mine], name, value) for name, value in said.items()]
    regulated = mine[life.regulated[mine]]
    rows.append((regulated, life.started[regulated], "regulated", constant("yes", len(regulated))))
    strategic = mine[
        (life.tier[mine] == 0) & (life.arr[mine] < 0.7 * shape.ARR_MEDIAN[0]) & ~life.pinned[mine]
    ]
    rows.append((strategic, life.started[strategic], "strategic", constant("yes", len(strategic))))
    return rows


def seats(world: World, mine: Ints) -> Ints:
    """Return how many seats each account pays for."""
    used = stream(world.seed, "seats").uniform(*shape.SEATS_USED, size=world.lives.count)[mine]
    return np.ceil(np.maximum(world.lives.users[mine], 1) * 1.1 / used).astype(np.int64)


def _text(numbers: Ints) -> pa.Array:
    return pc.cast(pa.array(numbers), pa.string())


def _tiers(world: World, mine: Ints) -> list[Value]:
    life = world.lives
    moved = mine[~np.isnan(life.tier_moved[mine])]
    return [
        (mine, life.started[mine], "tier", _text(life.tier_before[mine] + 1)),
        (moved, life.tier_moved[moved], "tier", _text(life.tier[moved] + 1)),
    ]


def _stages(block: Block, mine: Ints) -> list[Value]:
    """Return the stages of contract life: three in a row at first, then renewal and value by turns."""
    world, rng = block.world, block.stream("stages")
    life, terms = world.lives, world.terms
    started = life.started[mine]
    adopts, values_at = started + rng.uniform(45, 110, len(mine)), started + rng.uniform(180, 265, len(mine))
    ends = np.where(np.isnan(life.churned), np.inf, life.churned)
    rows: list[Value] = [(mine, started, "stage", constant("onboarding", len(mine)))]
    for day, stage in ((adopts, "adoption"), (values_at, "value")):
        kept = (day < ends[mine]) & (day < world.axis.cut)
        rows.append((mine[kept], day[kept], "stage", constant(stage, int(kept.sum()))))
    mine_terms = block.mine(terms.account)
    account, due, renewed = (each[mine_terms] for each in (terms.account, terms.due, terms.renewed))
    opens = due - 90.0
    nearing = (opens < world.axis.cut) & (opens > life.started[account] + YEAR - 95) & ~(renewed < opens)
    rows.append((account[nearing], opens[nearing], "stage", constant("renewal", int(nearing.sum()))))
    booked = ~np.isnan(renewed) & nearing
    rows.append((account[booked], renewed[booked], "stage", constant("value", int(booked.sum()))))
    return rows


def _ends(world: World, mine: Ints) -> list[Value]:
    gone = mine[~np.isnan(world.lives.churned[mine])]
    return [(gone, world.lives.churned[gone], "status", constant("churned", len(gone)))]


def ownerships(block: Block) -> pa.Table:
    """Return who owned each account from when on, and why it changed."""
    world, rng, owned = block.world, block.stream("ownerships"), block.world.owners
    mine = block.accounts
    slot = np.tile(np.arange(3), len(mine))
    account = np.repeat(mine, 3)
    since, person, pool = (each[mine].ravel() for each in (owned.since, owned.person, owned.pool))
    used = ~np.isnan(since)
    slot, account, since, person, pool = (each[used] for each in (slot, account, since, person, pool))
    known = told(rng, "crm", since)
    before = np.where(slot > 0, owned.person[account, np.maximum(slot - 1, 0)], NOBODY)
    left = (before != NOBODY) & ~np.isnan(world.team.left[before])
    why = np.where(slot == 0, 0, np.where(left, 1, np.where(world.team.ramping[person], 2, 3)))
    reasons = ("", "Departure of the former owner", "First book of a new colleague", "Rebalanced")
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "role": constant("owner", len(account)),
            "person_id": ids(person),
            "pool_id": ids(pool),
            "reason": pick(reasons, why),
            "source": constant("crm", len(account)),
            **dated(world.axis, since, known),
        },
        known,
    )


def contacts(block: Block) -> pa.Table:
    """Return the customers' people; a champion who left has a second version that says so."""
    world, rng = block.world, block.stream("contacts")
    life, many = world.lives, world.lives.contacts[block.accounts]
    account = np.repeat(block.accounts, many)
    number = np.arange(len(account)) - np.repeat(np.cumsum(many) - many, many)
    joined = life.started[account] + rng.exponential(60, len(account)) * (number > 0)
    joined = np.minimum(joined, world.axis.cut - 1)
    left = np.where(
        (number == 0) & (life.champion_left[account] > joined), life.champion_left[account], NEVER
    )
    row, second = with_second(~np.isnan(left))
    known = np.where(second, left[row] + 0.02, told(rng, "crm", joined)[row])
    who, which = account[row], number[row]
    external = keys("K", who + 1, which + 1)
    mail = pc.binary_join_element_wise(pc.utf8_lower(external), constant("customer.example", len(row)), "@")
    until = until_next(row, known)
    return known_rows(
        world.axis,
        {
            "account_id": ids(who),
            "name": people_names(rng, len(account)).take(pa.array(row)),
            "mail": mail,
            "title": pick(TITLES, (who * 3 + which) % len(TITLES)),
            "role": pick(ROLES, np.where(which == 0, 0, 1 + which % 3)),
            "is_champion": pa.array((which == 0) & (life.tier[who] < 3)),
            "left_at": world.axis.instants(np.where(second, left[row], NEVER)),
            **versioned(world.axis, joined[row], known, source="crm", external_id=external, until=until),
        },
        known,
    )


def movements(block: Block) -> pa.Table:
    """Return the movements of revenue; nothing that starts after the cut."""
    world, rng = block.world, block.stream("movements")
    flows = world.money
    mine = block.mine(flows.account)
    account, day, kind = (each[mine] for each in (flows.account, flows.day, flows.kind))
    known = told(rng, "crm", day)
    cents = np.round(flows.change[mine] * 100).astype(np.int64)
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "kind": pick(money.KINDS, kind),
            "change_cents": pa.array(cents),
            "currency": constant("USD", len(account)),
            "source": constant("crm", len(account)),
            **dated(world.axis, day, known),
        },
        known,
    )
