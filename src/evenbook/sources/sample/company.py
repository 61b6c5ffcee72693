"""The sample company as tables of the application database, in one piece or a block at a time.

The same ``as_of``, size, seed and years give the same rows, to the bit. Ids are given here, from 1,
so that the tables point at each other and fit an empty instance. Slices above this one add tables of their
own: see ``More``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from evenbook.sources.sample import (
    accounts,
    artifacts,
    asks,
    contracts,
    people,
    roles,
    sales,
    scores,
    talks,
    tickets,
    usage,
)
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.world import Block, World, blocks, make

TABLES = (
    "book_person",
    "book_personalias",
    "book_leave",
    "book_personrole",
    "book_personmachine",
    "book_capacityadjustment",
    "book_pool",
    "book_poolmember",
    "book_account",
    "book_accountalias",
    "book_accountvalue",
    "book_ownership",
    "book_contact",
    "book_contract",
    "book_revenuemovement",
    "records_interaction",
    "records_ticket",
    "records_usageweek",
    "records_feedweek",
    "records_score",
    "records_opportunity",
    "records_artifact",
)
"""Every table that the sample fills, in an order in which pointers find their rows."""

Piece = tuple[str, pa.Table]


@dataclass(frozen=True)
class More:
    """What a slice above this one adds to the sample: its own tables, and their rows.

    Attributes:
        tables: in an order in which pointers find their rows.
        pieces: gives the rows of a block's accounts, told how many rows of each table there are so far:
            ids go on from there.
    """

    tables: tuple[str, ...]
    pieces: Callable[[Block, Mapping[str, int]], Iterator[Piece]]


def company(
    *,
    as_of: date,
    accounts: int = 320,
    csms: int | None = None,
    seed: int = 1,
    years: int = 2,
    more: Sequence[More] = (),
) -> dict[str, pa.Table]:
    """Return the whole company: database table to its rows.

    Args:
        as_of: the day on which the story is now; nothing is known after its early morning but what
            is planned (booked meetings, leave, renewal dates).
        accounts: how many, former customers included.
        csms: how many; None is one for 40 accounts.
        seed: of all chance.
        years: of weekly history.
        more: what other slices add.

    Raises:
        SampleRefused: the company is too small for its story.
    """
    made = make(seed, Axis(as_of, years), accounts=accounts, csms=csms)
    found: dict[str, list[pa.Table]] = {name: [] for name in tables_with(more)}
    for name, rows in pieces(made, more):
        found[name].append(rows)
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


def tables_with(more: Sequence[More] = ()) -> tuple[str, ...]:
    """Return every table that is filled, in an order in which pointers find their rows."""
    return (*TABLES, *(name for each in more for name in each.tables))


def pieces(world: World, more: Sequence[More] = ()) -> Iterator[Piece]:
    """Yield the company's tables in pieces, first what others point at, with ids."""
    given: dict[str, int] = {}
    for name, rows in _pieces(world, more, given):
        yield name, _numbered(rows, given, name)


def _pieces(world: World, more: Sequence[More], written: Mapping[str, int]) -> Iterator[Piece]:
    yield from people.people_of(world).items()
    yield "book_account", accounts.identities(world)
    shared = usage.fleet(world.seed, world.axis)
    yield "records_feedweek", usage.feed_weeks(world, shared)
    held = contracts.holdings(world)
    for block in blocks(world):
        yield "book_accountalias", accounts.aliases(block)
        yield "book_accountvalue", accounts.values(block)
        yield "book_ownership", accounts.ownerships(block)
        yield "book_ownership", roles.roles(block)
        yield "book_contact", accounts.contacts(block)
        yield "book_contract", contracts.contracts(block, held)
        yield "book_revenuemovement", accounts.movements(block)
        yield "records_score", scores.scores(block)
        yield "records_opportunity", sales.opportunities(block)
        yield from _worked(block, held)
        for each in more:
            yield from each.pieces(block, written)
        yield "records_usageweek", usage.weeks_of(block, shared, held)


def _worked(block: Block, held: contracts.Holdings) -> Iterator[Piece]:
    """Yield tickets, talks and records: what escalates is talked about, what was said is written down."""
    rows, escalated = tickets.tickets(block)
    yield "records_ticket", pa.concat_tables([rows, asks.asks(block, held)]).sort_by("account_id")
    said = talks.talks(block, escalated)
    yield "records_interaction", talks.interactions(block, said)
    yield "records_artifact", artifacts.artifacts(block, said, escalated)


def _numbered(rows: pa.Table, given: dict[str, int], name: str) -> pa.Table:
    first = given.get(name, 0) + 1
    given[name] = first + rows.num_rows - 1
    if "id" in rows.column_names:
        return rows
    return rows.add_column(0, "id", pa.array(np.arange(first, first + rows.num_rows)))
