"""Contracts: one a product and term, with a version for each amendment, renewal or loss."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import money
from evenbook.sources.sample.accounts import seats
from evenbook.sources.sample.axis import NEVER, Floats, Ints
from evenbook.sources.sample.names import PRODUCTS, pick
from evenbook.sources.sample.world import Block, World, constant, ids, keys, known_rows, until_next, versioned

ADDON_SHARE = 0.12
"""What an add-on that was there from the start costs, as a share of the first price."""


@dataclass(frozen=True)
class Holdings:
    """Which products an account held from when on, and at what price a year; the platform is product 0."""

    account: Ints
    product: Ints
    since: Floats
    price: Floats


def holdings(world: World) -> Holdings:
    """Return the products of all accounts, sorted by account; which add-on comes next differs by account."""
    life, flows = world.lives, world.money
    first = np.repeat(np.arange(life.count), life.products)
    nth = np.arange(len(first)) - np.repeat(np.cumsum(life.products) - life.products, life.products)
    price = np.where(nth > 0, np.maximum(100, np.round(ADDON_SHARE * life.arr[first], -2)), NEVER)
    added = np.nonzero(flows.adds_product)[0]
    later = flows.account[added]
    rank = np.arange(len(added)) - np.searchsorted(later, later)
    fits = life.products[later] + rank < len(PRODUCTS)
    later, added, rank = later[fits], added[fits], rank[fits]
    account = np.concatenate((first, later))
    place = np.concatenate((nth, life.products[later] + rank))
    since = np.concatenate((life.started[first], flows.day[added]))
    paid = np.concatenate((price, flows.change[added]))
    product = np.where(place > 0, 1 + (place - 1 + account) % (len(PRODUCTS) - 1), 0)
    order = np.lexsort((place, account))
    return Holdings(account[order], product[order], since[order], paid[order])


@dataclass(frozen=True)
class _Lines:
    """One line a product and term: who, what, from when to when, and the days on which it changed."""

    account: Ints
    number: Ints
    product: Ints
    starts: Floats
    due: Floats
    signed: Floats
    renewed: Floats
    lost: Floats
    price: Floats


def contracts(block: Block, held: Holdings) -> pa.Table:
    """Return the contracts of a block's accounts, with all their versions."""
    world = block.world
    lines = _lines(block, held)
    line, at = _versions(block, lines)
    known = at + 0.02
    account, product = lines.account[line], lines.product[line]
    total = world.money.arr_at(account, np.maximum(at, lines.starts[line]))
    addons = _addons(held, account, np.maximum(at, lines.starts[line]))
    price = np.where(product == 0, np.maximum(100.0, total - addons), lines.price[line])
    renewed, lost = lines.renewed[line], lines.lost[line]
    return known_rows(
        world.axis,
        {
            "account_id": ids(account),
            "product": pick(PRODUCTS, product),
            "starts_on": world.axis.dates(lines.starts[line]),
            "ends_on": world.axis.dates(lines.due[line] - 1),
            "renews_on": world.axis.dates(lines.due[line]),
            "renewed_at": world.axis.instants(np.where(renewed <= at, renewed, NEVER)),
            "lost_at": world.axis.instants(np.where(lost <= at, lost, NEVER)),
            "arr_cents": pa.array(np.round(price * 100).astype(np.int64)),
            "currency": constant("USD", len(line)),
            "seats": pa.array(seats(world, account)),
            **versioned(
                world.axis,
                lines.signed[line],
                known,
                source="crm",
                external_id=keys("C", account + 1, lines.number[line], product),
                until=until_next(line, known),
            ),
        },
        known,
    )


def _lines(block: Block, held: Holdings) -> _Lines:
    """Return every product under every term in which it was held."""
    terms = block.world.terms
    mine, goods = block.mine(terms.account), block.mine(held.account)
    account = terms.account[mine]
    owned = held.account[goods]
    low, high = np.searchsorted(owned, account, "left"), np.searchsorted(owned, account, "right")
    term = np.repeat(np.arange(len(account)), high - low)
    good = np.arange(len(term)) - np.repeat(np.cumsum(high - low) - (high - low), high - low) + low[term]
    since, due = held.since[goods][good], terms.due[mine][term]
    kept = since < due
    term, good, since = term[kept], good[kept], since[kept]
    starts = np.maximum(terms.starts[mine][term], np.floor(since))
    within = since > terms.starts[mine][term] + 0.9
    return _Lines(
        account=account[term],
        number=terms.number[mine][term],
        product=held.product[goods][good],
        starts=starts,
        due=terms.due[mine][term],
        signed=np.where(within, since, terms.signed[mine][term]),
        renewed=terms.renewed[mine][term],
        lost=terms.lost[mine][term],
        price=held.price[goods][good],
    )


def _versions(block: Block, lines: _Lines) -> tuple[Ints, Floats]:
    """Return the line and day of every version: signed, amended, renewed or lost."""
    every = np.arange(len(lines.account))
    amended, amended_at = _amendments(block, lines)
    closed = np.fmin(lines.renewed, lines.lost)
    ends = every[~np.isnan(closed) & (closed > lines.signed)]
    line = np.concatenate((every, amended, ends))
    at = np.concatenate((lines.signed, amended_at, closed[ends]))
    order = np.lexsort((at, line))
    return line[order], at[order]


def _amendments(block: Block, lines: _Lines) -> tuple[Ints, Floats]:
    """Return the changes of price within a term, which fall on the platform's line."""
    flows = block.world.money
    mine = block.mine(flows.account)
    changes = np.isin(flows.kind[mine], (money.EXPANSION, money.CONTRACTION))
    changes &= ~flows.at_renewal[mine] & ~flows.adds_product[mine]
    account, day = flows.account[mine][changes], flows.day[mine][changes]
    core = np.nonzero(lines.product == 0)[0]
    opens = lines.account[core] * money.APART + lines.starts[core]
    place = np.searchsorted(opens, account * money.APART + day, side="right") - 1
    hit = (place >= 0) & (lines.account[core][place] == account) & (day < lines.due[core][place])
    hit &= day > lines.signed[core][place]
    return core[place[hit]], day[hit]


def _addons(held: Holdings, account: Ints, at: Floats) -> Floats:
    """Return what an account's add-ons cost on a day."""
    price = np.where(np.isnan(held.price), 0.0, held.price)
    running = np.concatenate(([0.0], np.cumsum(price)))
    order = held.account * money.APART + np.where(held.product == 0, -money.APART / 2, held.since)
    stop = np.searchsorted(order, account * money.APART + at, side="right")
    start = np.searchsorted(held.account, account, side="left")
    return running[stop] - running[start]
