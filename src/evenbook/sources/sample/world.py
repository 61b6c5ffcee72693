"""The whole company before it is written out: its accounts, money and team, and how rows are made.

Facts are made a block of accounts at a time, so that a company of 100,000 fits into memory; a block
draws from its own streams of chance, so its rows do not depend on the size of the company's others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from evenbook.sources.sample import lives as fates
from evenbook.sources.sample import money as flows
from evenbook.sources.sample import shape
from evenbook.sources.sample import team as staffing
from evenbook.sources.sample.axis import NEVER, Axis, Flags, Floats, Ints, stream
from evenbook.sources.sample.story import SampleRefused

BLOCK = 4_000
"""Accounts whose facts are made at once. A part of the result: another size gives other rows."""

FINGERPRINT = "sample"
Columns = dict[str, pa.Array]


@dataclass(frozen=True)
class World:
    """Everything that the facts hang on."""

    seed: int
    axis: Axis
    lives: fates.Lives
    money: flows.Money
    terms: flows.Terms
    team: staffing.Team
    owners: staffing.Owners
    leaves: staffing.Leaves

    @cached_property
    def cover_on(self) -> Ints:
        """Return who covers whom by person and day, ``NOBODY`` on days at work."""
        days = int(self.axis.cut) + 60
        covers = np.full((len(self.team.members), days), staffing.NOBODY)
        away = self.leaves
        for person, first, last, cover in zip(away.person, away.first, away.last, away.cover, strict=True):
            covers[person, max(0, int(first)) : int(last) + 1] = cover
        return covers

    def is_overloaded(self, person: Ints, day: Floats) -> Flags:
        """Return whether people carried too much on given days."""
        since = self.axis.cut - shape.OVERLOADED_WEEKS * 7
        return np.asarray(self.team.overloaded[person] & (person != staffing.NOBODY) & (day > since))


@dataclass(frozen=True)
class Block:
    """Some accounts that stand beside each other, and the chance that belongs to them."""

    world: World
    number: int
    accounts: Ints

    def stream(self, name: str) -> np.random.Generator:
        """Return the block's generator for one kind of fact."""
        return stream(self.world.seed, name, self.number + 1)

    def mine(self, account: Ints) -> slice:
        """Return where the block's rows stand in an array sorted by account."""
        low, high = np.searchsorted(account, [self.accounts[0], self.accounts[-1] + 1])
        return slice(int(low), int(high))


def csms_of(accounts: int, csms: int | None) -> int:
    """Return how many CSMs a sample company of so many accounts has.

    Raises:
        SampleRefused: too few or too many for the story.
    """
    wanted = max(shape.LEAST_CSMS, round(accounts / shape.ACCOUNTS_A_CSM)) if csms is None else csms
    if not shape.LEAST_ACCOUNTS <= accounts <= shape.MOST_ACCOUNTS:
        raise SampleRefused(
            f"A sample company has {shape.LEAST_ACCOUNTS} to {shape.MOST_ACCOUNTS:,} accounts, "
            f"not {accounts:,}.",
            fix="Choose another number, for example --accounts 320.",
        )
    if not shape.LEAST_CSMS <= wanted <= accounts // 4:
        raise SampleRefused(
            f"A sample company of {accounts:,} accounts has {shape.LEAST_CSMS} to {accounts // 4:,} CSMs, "
            f"not {wanted:,}.",
            fix="Leave the number of CSMs out: it is one for 40 accounts.",
        )
    return wanted


def make(seed: int, axis: Axis, *, accounts: int, csms: int | None = None) -> World:
    """Return the world of a company of this size.

    Raises:
        SampleRefused: too few or too many for the story.
    """
    wanted = csms_of(accounts, csms)
    drawn = fates.draw(seed, axis, accounts)
    terms = flows.terms(seed, axis, drawn)
    team = staffing.gather(seed, axis, csms=wanted, accounts=accounts)
    hours = staffing.planned_hours(axis, drawn, terms)
    return World(
        seed=seed,
        axis=axis,
        lives=drawn,
        money=flows.movements(seed, axis, drawn),
        terms=terms,
        team=team,
        owners=staffing.owners(seed, axis, drawn, team, hours=hours),
        leaves=staffing.leaves(seed, axis, team),
    )


def blocks(world: World) -> list[Block]:
    """Return the accounts in blocks."""
    every = np.arange(world.lives.count)
    starts = range(0, world.lives.count, BLOCK)
    return [Block(world, number, every[start : start + BLOCK]) for number, start in enumerate(starts)]


def told(rng: np.random.Generator, source: str, happened: Floats) -> Floats:
    """Return when a source told of what happened."""
    return np.asarray(happened + rng.uniform(*shape.TOLD[source], size=len(happened)))


def ids(places: Ints) -> pa.Array:
    """Return database ids of places; null where there is none."""
    return pa.array(places + 1, mask=places < 0)


def keys(prefix: str, *numbers: Ints) -> pa.Array:
    """Return text ids such as ``C-00042-2``."""
    first = pc.utf8_lpad(pc.cast(pa.array(numbers[0]), pa.string()), 5, "0")
    rest = [pc.cast(pa.array(each), pa.string()) for each in numbers[1:]]
    return pc.binary_join_element_wise(pa.scalar(prefix), first, *rest, "-")


def constant(text: str, count: int) -> pa.Array:
    """Return one text, repeated without being copied."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), [text]).cast(pa.string())


def until_next(same: Ints, known: Floats) -> Floats:
    """Return when the next version of the same record became known.

    Args:
        same: the record, equal for its versions, which follow each other.
        known: when each version became known.
    """
    following = np.concatenate((known[1:], [NEVER]))
    same_next = np.concatenate((same[1:] == same[:-1], [False]))
    return np.where(same_next, following, NEVER)


def with_second(changes: Flags) -> tuple[Ints, Flags]:
    """Return a row a version: whose it is, and whether it is the second, which only changes have."""
    changed = np.nonzero(changes)[0]
    row = np.concatenate((np.arange(len(changes)), changed))
    second = np.arange(len(row)) >= len(changes)
    order = np.lexsort((second, row))
    return row[order], second[order]


def dated(axis: Axis, happened: Floats, known: Floats) -> Columns:
    """Return the columns of every dated row."""
    return {
        "happened_at": axis.instants(happened),
        "known_at": axis.instants(known),
        "assumed": pa.array(np.zeros(len(happened), dtype=bool)),
    }


def versioned(
    axis: Axis,
    happened: Floats,
    known: Floats,
    *,
    source: str | pa.Array,
    external_id: pa.Array,
    until: Floats | None = None,
) -> Columns:
    """Return the columns of every row that is replaced when it changes."""
    ends = np.full(len(happened), NEVER) if until is None else until
    return {
        **dated(axis, happened, known),
        "source": constant(source, len(happened)) if isinstance(source, str) else source,
        "external_id": external_id,
        "known_until": axis.instants(np.where(ends > axis.cut, NEVER, ends)),
        "fingerprint": constant(FINGERPRINT, len(happened)),
    }


def known_rows(axis: Axis, columns: Columns, known: Floats) -> pa.Table:
    """Return the rows that were known by the cut, by account."""
    rows = pa.table(columns)
    kept = np.nonzero(known <= axis.cut)[0]
    if "account_id" in columns:
        account = np.asarray(columns["account_id"].to_numpy(zero_copy_only=False))[kept]
        kept = kept[np.argsort(account, kind="stable")]
    return rows.take(pa.array(kept))
