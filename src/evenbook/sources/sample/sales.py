"""Opportunities: expansions won and lost, renewals, and what is open now; a version a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample import money
from evenbook.sources.sample.axis import NEVER, Flags, Floats, Ints
from evenbook.sources.sample.names import PRODUCTS, pick
from evenbook.sources.sample.world import Block, constant, ids, keys, known_rows, told, until_next, versioned

EXPANSION, RENEWAL = 0, 1
KINDS = ("expansion", "renewal")
STAGES = ("Discovery", "Proposal", "Closed won", "Closed lost")
CHANCES = (0.2, 0.5, 1.0, 0.0)
UPLIFT_AT_MOST = 0.06
OPEN_NOW = (0.10, 0.08, 0.02, 0.0)
RENEWAL_OPENS_DAYS = 120.0


@dataclass(frozen=True)
class Sales:
    """Sales of a block, sorted by account. ``closes`` is a day, ``NEVER`` while it is open."""

    account: Ints
    kind: Ints
    opened: Floats
    expected: Floats
    closes: Floats
    won: Flags
    amount: Floats


def opportunities(block: Block) -> pa.Table:
    """Return the opportunities of a block's accounts, with a version a stage."""
    world, rng = block.world, block.stream("opportunities")
    sales = _sales(block, rng)
    row, step, at = _steps(sales)
    known = told(rng, "crm", at)
    known = np.where(step == 0, known, np.fmax(known, at + 0.4))
    closed = step == 2
    stage = np.where(closed, np.where(sales.won[row], 2, 3), step)
    number = np.arange(len(sales.account)) - np.searchsorted(sales.account, sales.account)
    account = sales.account[row]
    product = np.where(sales.kind[row] == RENEWAL, 0, 1 + (account + number[row]) % (len(PRODUCTS) - 1))
    what = pick(("Expansion", "Renewal"), sales.kind[row])
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "name": pc.binary_join_element_wise(what, pick(PRODUCTS, product), ": "),
            "kind": pick(KINDS, sales.kind[row]),
            "stage": pick(STAGES, stage),
            "product": pick(PRODUCTS, product),
            "amount_cents": pa.array(np.round(sales.amount[row] * 100).astype(np.int64)),
            "currency": constant("USD", len(row)),
            "probability": pa.array(np.asarray(CHANCES)[stage]),
            "expected_on": world.axis.dates(sales.expected[row]),
            "won_at": world.axis.instants(np.where(closed & sales.won[row], sales.closes[row], NEVER)),
            "lost_at": world.axis.instants(np.where(closed & ~sales.won[row], sales.closes[row], NEVER)),
            "person_id": ids(world.owners.at(account, at)),
            "custom": constant("{}", len(row)),
            **versioned(
                world.axis,
                sales.opened[row],
                known,
                source="crm",
                external_id=keys("O", account + 1, number[row] + 1),
                until=until_next(row, known),
            ),
        },
        known,
    )


def expansions(block: Block) -> tuple[Ints, Floats, Floats, Flags, Floats, Ints]:
    """Return the expansions of a block that are sales: account, opened, closed, won, amount, product."""
    sales = _sales(block, block.stream("opportunities"))
    number = np.arange(len(sales.account)) - np.searchsorted(sales.account, sales.account)
    product = 1 + (sales.account + number) % (len(PRODUCTS) - 1)
    kept = sales.kind == EXPANSION
    columns = (sales.account, sales.opened, sales.closes, sales.won, sales.amount)
    account, opened, closes, won, amount = (each[kept] for each in columns)
    return account, opened, closes, won, amount, product[kept]


def _sales(block: Block, rng: np.random.Generator) -> Sales:
    cut = block.world.axis.cut
    parts = (_won(block, rng), _tried(block, rng), _open(block, rng), _renewals(block))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    account, kind, opened, closes, won, amount = columns
    begun = opened < cut
    account, kind, opened, closes, won, amount = (each[begun] for each in columns)
    order = np.lexsort((opened, account))
    account, kind, opened, closes, won, amount = (
        each[order] for each in (account, kind, opened, closes, won, amount)
    )
    expected = np.where(np.isnan(closes), opened + 100, closes + rng.integers(-10, 5, len(closes)))
    expected = np.where(np.isnan(closes), np.maximum(expected, cut + 7), expected)
    return Sales(account, kind, opened, expected, np.where(closes < cut, closes, NEVER), won, amount)


Part = tuple[Ints, Ints, Floats, Floats, Flags, Floats]


def _won(block: Block, rng: np.random.Generator) -> Part:
    """Return the sales behind the expansions; a price rise has none."""
    flows = block.world.money
    mine = block.mine(flows.account)
    account, day, change = flows.account[mine], flows.day[mine], flows.change[mine]
    before = flows.after[mine] - change
    sold = (flows.kind[mine] == money.EXPANSION) & (change > UPLIFT_AT_MOST * before) & (day > 10)
    account, day, change = account[sold], day[sold], change[sold]
    opened = np.maximum(day - rng.uniform(25, 90, len(day)), block.world.lives.started[account] + 1)
    return account, np.full(len(day), EXPANSION), opened, day, np.ones(len(day), dtype=bool), change


def _tried(block: Block, rng: np.random.Generator) -> Part:
    """Return the sales that came to nothing, and those of them not yet decided."""
    world = block.world
    account, opened = money.sales_lost(rng, world.axis, world.lives, block.accounts)
    closes = opened + rng.uniform(20, 100, len(opened))
    amount = np.round(world.money.arr_at(account, opened) * rng.uniform(0.1, 0.5, len(opened)), -2)
    return account, np.full(len(opened), EXPANSION), opened, closes, np.zeros(len(opened), dtype=bool), amount


def _open(block: Block, rng: np.random.Generator) -> Part:
    """Return what is being sold now."""
    world, mine = block.world, block.accounts
    active = world.lives.active_at(world.axis.cut)[mine] & (world.lives.started[mine] < world.axis.cut - 90)
    chosen = mine[active & (rng.random(len(mine)) < np.asarray(OPEN_NOW)[world.lives.tier[mine]])]
    opened = world.axis.cut - rng.uniform(3, 60, len(chosen))
    amount = np.round(world.money.arr_at(chosen, opened) * rng.uniform(0.1, 0.5, len(chosen)), -2)
    never = np.full(len(chosen), NEVER)
    return chosen, np.full(len(chosen), EXPANSION), opened, never, np.zeros(len(chosen), dtype=bool), amount


def _renewals(block: Block) -> Part:
    """Return a sale for each renewal from 120 days before it, of tiers 1 to 3."""
    world = block.world
    terms, mine = world.terms, block.mine(world.terms.account)
    account, due = terms.account[mine], terms.due[mine]
    opened = np.maximum(due - RENEWAL_OPENS_DAYS, world.lives.started[account] + 1)
    closes = np.fmin(terms.renewed[mine], terms.lost[mine])
    kept = (world.lives.tier[account] < 3) & (opened < world.axis.cut) & (due > 0)
    account, opened, closes = account[kept], opened[kept], closes[kept]
    won = ~np.isnan(terms.renewed[mine][kept])
    amount = world.money.arr_at(account, opened)
    return account, np.full(len(account), RENEWAL), opened, closes, won, amount


def _steps(sales: Sales) -> tuple[Ints, Ints, Floats]:
    """Return sale, stage and day of each version: opened, offered, closed."""
    every = np.arange(len(sales.account))
    ends = np.where(np.isnan(sales.closes), sales.expected, sales.closes)
    offered = sales.opened + 0.45 * (ends - sales.opened)
    closed = every[~np.isnan(sales.closes)]
    row = np.concatenate((every, every, closed))
    step = np.concatenate((np.zeros(len(every), int), np.ones(len(every), int), np.full(len(closed), 2)))
    at = np.concatenate((sales.opened, offered, sales.closes[closed]))
    order = np.lexsort((step, row))
    return row[order], step[order], at[order]
