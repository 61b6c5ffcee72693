"""What accounts pay: movements of revenue, contract terms and their renewals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenbook.sources.sample import shape
from evenbook.sources.sample.axis import NEVER, Axis, Flags, Floats, Ints, stream
from evenbook.sources.sample.lives import YEAR, Lives, systematic

NEW, EXPANSION, CONTRACTION, CHURN = range(4)
KINDS = ("new", "expansion", "contraction", "churn")
APART = 1e6
"""More days than any account lives: account × APART + day sorts by account, then by day."""


@dataclass(frozen=True)
class Money:
    """Movements of revenue, sorted by account and day; amounts in whole units."""

    account: Ints
    day: Floats
    kind: Ints
    change: Floats
    after: Floats
    at_renewal: Flags
    adds_product: Flags

    def arr_at(self, account: Ints, day: Floats) -> Floats:
        """Return what accounts pay a year on given days, on or after their start."""
        place = np.searchsorted(self.account * APART + self.day, account * APART + day, side="right") - 1
        return self.after[place]


@dataclass(frozen=True)
class Terms:
    """Contract terms, sorted by account and number. ``renewed`` and ``lost`` are days or ``NEVER``."""

    account: Ints
    number: Ints
    starts: Floats
    due: Floats
    signed: Floats
    renewed: Floats
    lost: Floats


def movements(seed: int, axis: Axis, lives: Lives) -> Money:
    """Return every movement up to the cut."""
    rng = stream(seed, "money")
    account, day, at_renewal = _slots(rng, axis, lives)
    kind, factor = _changes(rng, lives, account, at_renewal)
    changed = factor != 1.0
    starters = np.arange(lives.count)
    leavers = np.nonzero(~np.isnan(lives.churned))[0]
    nothing = np.zeros(len(leavers), dtype=bool)
    parts = (
        (
            starters,
            lives.started[starters],
            np.full(len(starters), NEW),
            np.ones(len(starters)),
            np.zeros(len(starters), dtype=bool),
        ),
        (account[changed], day[changed], kind[changed], factor[changed], at_renewal[changed]),
        (leavers, lives.churned[leavers], np.full(len(leavers), CHURN), np.ones(len(leavers)), nothing),
    )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((columns[1], columns[0]))
    account, day, kind, factor, at_renewal = (column[order] for column in columns)
    change, after = _path(account, kind, factor, lives.arr)
    adds = (kind == EXPANSION) & (factor > 1.12) & (rng.random(len(kind)) < 0.5)
    return Money(account, day, kind, change, after, at_renewal, adds)


def _slots(rng: np.random.Generator, axis: Axis, lives: Lives) -> tuple[Ints, Floats, Flags]:
    """Return the days on which revenue may change: each renewal, and one day within each term."""
    starts = np.column_stack((lives.dues[:, 0] - lives.term, lives.dues))
    within = starts + rng.uniform(0.12, 0.88, size=starts.shape) * lives.term[:, None]
    days = np.concatenate((np.floor(lives.dues), np.floor(within) + 0.5), axis=1)
    at_renewal = np.zeros(days.shape, dtype=bool)
    at_renewal[:, : lives.dues.shape[1]] = True
    ends = np.where(np.isnan(lives.churned), axis.cut, lives.churned)[:, None]
    open_to = (days > np.maximum(lives.started, -YEAR - 5)[:, None]) & (days < ends)
    return np.nonzero(open_to)[0], days[open_to], at_renewal[open_to]


def _changes(rng: np.random.Generator, lives: Lives, account: Ints, at_renewal: Flags) -> tuple[Ints, Floats]:
    """Return what each slot changes: a kind and a factor, 1 for nothing."""
    size, tier = len(account), lives.tier[account]
    years = lives.term[account] / YEAR / 2
    order = np.lexsort((lives.arr[account], tier))
    free = ~lives.pinned[account]
    grows = systematic(np.asarray(shape.EXPANDS_A_YEAR)[tier] * years * free, order, rng.random())
    shrinks = (
        systematic(np.asarray(shape.CONTRACTS_A_YEAR)[tier] * years * free, order, rng.random()) & ~grows
    )
    uplift = at_renewal & (rng.random(size) < shape.UPLIFT)
    factor = np.where(uplift, 1 + rng.uniform(*shape.UPLIFT_BY, size=size), 1.0)
    factor = np.where(grows, 1 + rng.uniform(*shape.EXPANDS_BY, size=size), factor)
    factor = np.where(shrinks, 1 - rng.uniform(*shape.CONTRACTS_BY, size=size), factor)
    return np.where(shrinks, CONTRACTION, EXPANSION), factor


def _path(account: Ints, kind: Ints, factor: Floats, starting: Floats) -> tuple[Floats, Floats]:
    """Return each movement's change and what is paid after it, in hundreds."""
    logs = np.cumsum(np.log(factor))
    first = np.concatenate(([True], account[1:] != account[:-1]))
    opens = np.maximum.accumulate(np.where(first, np.arange(len(account)), 0))
    after = np.round(starting[account] * np.exp(logs - logs[opens]), -2)
    after = np.where(kind == CHURN, 0.0, after)
    before = np.where(first, 0.0, np.concatenate(([0.0], after[:-1])))
    return after - before, after


def terms(seed: int, axis: Axis, lives: Lives) -> Terms:
    """Return the contract terms that were signed by the cut."""
    rng = stream(seed, "terms")
    dues = lives.dues
    renewed = dues - rng.uniform(*shape.RENEWED_DAYS_BEFORE, size=dues.shape)
    ends = np.where(np.isnan(lives.churned), np.inf, lives.churned)[:, None]
    renewed = np.where((dues >= ends) | (renewed > axis.cut), NEVER, renewed)
    starts = np.column_stack((dues[:, 0] - lives.term, dues[:, :-1]))
    signed = np.column_stack((np.minimum(starts[:, 0], lives.started), renewed[:, :-1]))
    signed[:, 0] = np.where(starts[:, 0] <= lives.started, lives.started, starts[:, 0] - 20)
    kept = ~np.isnan(signed) & (signed <= axis.cut) & (starts < ends)
    account, number = np.nonzero(kept)
    due = dues[kept]
    lost = np.where(due == lives.churned[account], due, NEVER)
    return Terms(account, number + 1, starts[kept], due, signed[kept], renewed[kept], lost)


def open_due(lives: Lives, contracts: Terms) -> Floats:
    """Return each account's next renewal that is neither booked nor lost, ``NEVER`` if there is none."""
    waiting = np.isnan(contracts.renewed) & np.isnan(contracts.lost)
    due = np.full(lives.count, np.inf)
    np.minimum.at(due, contracts.account[waiting], contracts.due[waiting])
    return np.where(np.isinf(due), NEVER, due)


def sales_lost(rng: np.random.Generator, axis: Axis, lives: Lives, mine: Ints) -> tuple[Ints, Floats]:
    """Return sales that were tried in vain: the account and the day they were opened."""
    ends = np.where(np.isnan(lives.churned[mine]), axis.cut, lives.churned[mine])
    opens = np.maximum(lives.started[mine], 0) + 30
    years = np.maximum(ends - opens, 0) / YEAR
    times = rng.poisson(np.asarray(shape.OTHER_SALES_A_YEAR)[lives.tier[mine]] * years)
    place = np.repeat(np.arange(len(mine)), times)
    return mine[place], rng.uniform(opens[place], np.maximum(ends[place], opens[place] + 1))
