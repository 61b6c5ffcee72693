"""Loading the sample company into an empty instance, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from evenbook.frames import bulk
from evenbook.frames.actions import note_write
from evenbook.kit.dates import BEGINNING
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.company import More, pieces, tables_with
from evenbook.sources.sample.people import with_users
from evenbook.sources.sample.story import SampleRefused
from evenbook.sources.sample.world import World, blocks, make

Progress = Callable[[float, int], None]
"""Told how far it is: the share of the accounts that are done, 0 to 1, and the rows so far."""

LAST_OF_A_BLOCK = "records_usageweek"


@dataclass
class Loaded:
    """What was written: rows by table, and the earliest instant at which one can be seen."""

    rows: dict[str, int] = field(default_factory=dict)
    earliest_at: dict[str, datetime] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """Return the rows of all tables."""
        return sum(self.rows.values())


def load(
    *,
    as_of: date,
    now: datetime,
    accounts: int = 320,
    csms: int | None = None,
    seed: int = 1,
    years: int = 2,
    users: Mapping[str, int] | None = None,
    progress: Progress | None = None,
    more: Sequence[More] = (),
) -> Loaded:
    """Write the sample company, and return what was written.

    Args:
        as_of: the day on which the story is now.
        now: when it is loaded.
        accounts: how many, former customers included.
        csms: how many; None is one for 40 accounts.
        seed, years: of all chance, and of weekly history.
        users: mail address to the user who signs in with it, who becomes this person.
        progress: told after each block of accounts.
        more: what other slices add.

    Raises:
        SampleRefused: the instance holds customers or people already, or the company is too small.
    """
    world, loaded = make(seed, Axis(as_of, years), accounts=accounts, csms=csms), Loaded()
    tables = tables_with(more)
    with transaction.atomic():
        if not bulk.is_empty(tables):
            raise SampleRefused(
                "This instance already holds customers or people; the sample company needs an empty one.",
                fix="Make the sample in a folder of its own: evenbook demo --home DIR.",
            )
        with bulk.without_indexes(tables):
            _write_all(loaded, world, more, users=users or {}, progress=progress)
        for name, count in loaded.rows.items():
            note_write(name, count, earliest_at=loaded.earliest_at[name], now=now)
    return loaded


def _write_all(
    loaded: Loaded,
    world: World,
    more: Sequence[More],
    *,
    users: Mapping[str, int],
    progress: Progress | None,
) -> None:
    total, done = len(blocks(world)), 0
    for name, rows in pieces(world, more):
        _write(loaded, name, with_users(rows, users) if name == "book_person" else rows)
        done += name == LAST_OF_A_BLOCK
        if progress and name == LAST_OF_A_BLOCK:
            progress(done / total, loaded.total)


def _write(loaded: Loaded, name: str, rows: pa.Table) -> None:
    loaded.rows[name] = loaded.rows.get(name, 0) + bulk.insert(name, rows)
    seen = _first_seen(rows)
    loaded.earliest_at[name] = min(seen, loaded.earliest_at.get(name, seen))


def _first_seen(rows: pa.Table) -> datetime:
    """Return the earliest instant at which a row can be seen; rows without dates always could be."""
    if "known_at" not in rows.column_names or not rows.num_rows:
        return BEGINNING
    seen = rows["known_at"]
    if "happened_at" in rows.column_names:
        seen = pc.max_element_wise(seen, rows["happened_at"])
    first: datetime = pc.min(seen).as_py()
    return first.replace(tzinfo=UTC)
