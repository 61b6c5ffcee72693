"""Sums over months of what independent events bring and take, by seeded simulation and in closed form.

Three kinds of parts, all independent of each other:

* a *holding* gives an amount each month until it ends, if it ends at all;
* an *arrival* gives nothing until it comes, if it comes at all, and from then on its size times a profile by
  months since;
* a *stream* of arrivals comes at a rate, a Poisson number each month.

A holding may also be away for a part of each month: of ``BLOCKS`` equal parts each is missed with a chance.
Knows no customers.

Source:
    W. Feller, An Introduction to Probability Theory and Its Applications, vol. 1, 3rd ed., IX.1 to IX.5 (mean
    and variance of a sum of independent variables) and VI.5 (Poisson).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evenbook.engine.given_arrays import Floats, Places, UnusableArrays

BLOCKS = 4
"""Into so many parts a month falls in which somebody is there or not: about its weeks."""

AT_ONCE = 250_000
"""So many draws are held at a time: two megabytes, which stay in the cache."""

SLACK = 1e-9


@dataclass(frozen=True)
class Holdings:
    """Parts that are there until they end.

    Attributes:
        amounts: (parts, months), what each gives in each month while it lasts.
        ended_by: (parts, months), the chance that it has ended by the month; never falls.
        away: (parts, months), the chance that each block of a month is missed; None for never.
    """

    amounts: Floats
    ended_by: Floats
    away: Floats | None = None

    def __post_init__(self) -> None:
        _check_chances(self.ended_by, self.amounts.shape)
        if self.away is not None and (self.away.shape != self.amounts.shape or not _is_share(self.away)):
            raise _unusable("being away needs a chance, 0 to 1, for each part and month")


@dataclass(frozen=True)
class Arrivals:
    """Parts that may come.

    Attributes:
        sizes: (parts,), by what the profile is multiplied.
        kinds: (parts,), which profile each has.
        come_by: (parts, months), the chance that it has come by the month; never falls.
        profiles: (kinds, months), what one of size 1 gives so many months after it came.
    """

    sizes: Floats
    kinds: Places
    come_by: Floats
    profiles: Floats

    def __post_init__(self) -> None:
        _check_chances(self.come_by, (len(self.sizes), self.profiles.shape[1]))
        if len(self.kinds) != len(self.sizes):
            raise _unusable("each arrival has a size and a kind")
        if len(self.kinds) and (self.kinds.min() < 0 or self.kinds.max() >= len(self.profiles)):
            raise _unusable("a kind has no profile")


@dataclass(frozen=True)
class Streams:
    """Parts of which so many come each month as chance has it.

    Attributes:
        rates: (kinds,), how many come a month on average.
        profiles: (kinds, months), what one gives so many months after it came.
    """

    rates: Floats
    profiles: Floats

    def __post_init__(self) -> None:
        if self.rates.shape != self.profiles.shape[:1] or (self.rates < 0).any():
            raise _unusable("each kind has a rate, and none is below zero")


@dataclass(frozen=True)
class Moments:
    """Mean and variance of a sum in each month, both (months,)."""

    mean: Floats
    variance: Floats

    def __add__(self, other: Moments) -> Moments:
        return Moments(self.mean + other.mean, self.variance + other.variance)


def simulate(parts: Holdings | Arrivals | Streams, *, runs: int, seed: int) -> Floats:
    """Return the sum of all parts in each month of each run, (runs, months).

    The same parts in the same order and the same seed give the same answer; a part that is changed leaves
    what befalls the others as it was.
    """
    if isinstance(parts, Streams):
        return _streams(parts, runs, np.random.default_rng(seed))
    if isinstance(parts, Holdings):
        return _holdings(parts, runs, seed)
    return _arrivals(parts, runs, np.random.default_rng(seed))


def moments(parts: Holdings | Arrivals | Streams) -> Moments:
    """Return the exact mean and variance of the sum in each month."""
    if isinstance(parts, Streams):
        profiles = parts.profiles
        rates = parts.rates[:, None]
        return Moments(
            (rates * np.cumsum(profiles, axis=1)).sum(axis=0),
            (rates * np.cumsum(profiles**2, axis=1)).sum(axis=0),
        )
    if isinstance(parts, Holdings):
        return _moments_of_holdings(parts)
    return _moments_of_arrivals(parts)


def _moments_of_holdings(parts: Holdings) -> Moments:
    lasts = 1.0 - parts.ended_by
    there = 1.0 if parts.away is None else 1.0 - parts.away
    spread = 0.0 if parts.away is None else parts.away * (1.0 - parts.away) / BLOCKS
    mean = parts.amounts * lasts * there
    squared = parts.amounts**2 * lasts * (there**2 + spread)
    return Moments(mean.sum(axis=0), (squared - mean**2).sum(axis=0))


def _moments_of_arrivals(parts: Arrivals) -> Moments:
    months = parts.come_by.shape[1]
    comes = np.diff(parts.come_by, axis=1, prepend=0.0)
    mean, variance = np.zeros(months), np.zeros(months)
    for month in range(months):
        given = parts.profiles[parts.kinds][:, month::-1] * parts.sizes[:, None]
        chances = comes[:, : month + 1]
        means = (chances * given).sum(axis=1)
        mean[month] = means.sum()
        variance[month] = ((chances * given**2).sum(axis=1) - means**2).sum()
    return Moments(mean, variance)


def _holdings(parts: Holdings, runs: int, seed: int) -> Floats:
    """What all would give, less what those no longer do that have ended, less the blocks missed."""
    if parts.away is not None:
        return _holdings_with_absence(parts, runs, seed)
    count = len(parts.amounts)
    total = np.tile(parts.amounts.sum(axis=0), (runs, 1))
    if not count:
        return total
    decided, rest = _by_month_decided(parts)
    for begin, draws in _draws(np.random.default_rng(seed), runs, count):
        held = total[begin : begin + len(draws)]
        for month, places, chances, amounts in decided:
            gone: Floats = (draws.take(places, axis=1) < chances).astype(np.float64)
            held[:, month:] -= gone @ amounts
        if len(rest):
            _take_away(held, draws[:, rest], parts.amounts[rest], parts.ended_by[rest])
    return total


def _by_month_decided(parts: Holdings) -> tuple[list[tuple[int, Places, Floats, Floats]], Places]:
    """Return the parts that can end in one month alone, and the places of the others that can end.

    The first by that month: their places, chances, and amounts from that month on.
    """
    ended_by = parts.ended_by
    steps = (np.diff(ended_by, axis=1, prepend=0.0) != 0.0).sum(axis=1) == 1
    begins = (ended_by <= 0).sum(axis=1)
    found = []
    for month in np.unique(begins[steps]).tolist():
        places = np.flatnonzero(steps & (begins == month))
        amounts = np.ascontiguousarray(parts.amounts[places, month:])
        found.append((int(month), places, ended_by[places, -1], amounts))
    return found, np.flatnonzero(~steps & (ended_by[:, -1] > 0))


def _take_away(held: Floats, draws: Floats, amounts: Floats, ended_by: Floats) -> None:
    """Take from the sums what parts no longer give that ended in whatever month."""
    run, part = np.nonzero(draws < ended_by[:, -1])
    ends = (draws[run, part][:, None] >= ended_by[part]).sum(axis=1)
    for month in range(amounts.shape[1]):
        lost = amounts[part, month] * (ends <= month)
        held[:, month] -= np.bincount(run, weights=lost, minlength=len(held))


def _holdings_with_absence(parts: Holdings, runs: int, seed: int) -> Floats:
    count, months = parts.amounts.shape
    total = np.zeros((runs, months))
    assert parts.away is not None
    ends, blocks = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(2))
    for begin, draws in _draws(ends, runs, count):
        for month in range(months):
            lasts = draws >= parts.ended_by[:, month]
            missed = np.zeros(draws.shape)
            for _ in range(BLOCKS):
                missed += blocks.random(draws.shape) < parts.away[:, month]
            there = lasts * (1.0 - missed / BLOCKS)
            total[begin : begin + len(draws), month] = there @ parts.amounts[:, month]
    return total


def _arrivals(parts: Arrivals, runs: int, rng: np.random.Generator) -> Floats:
    """Count what came by kind and month in each run, and lay the profiles over it."""
    kinds, months = parts.profiles.shape
    total = np.zeros((runs, months))
    if not len(parts.sizes):
        return total
    last = parts.come_by[:, -1]
    for begin, draws in _draws(rng, runs, len(parts.sizes)):
        run, part = np.nonzero(draws < last)
        month = (draws[run, part][:, None] >= parts.come_by[part]).sum(axis=1)
        place = (run * kinds + parts.kinds[part]) * months + month
        held = len(draws), kinds, months
        came = np.bincount(place, weights=parts.sizes[part], minlength=len(draws) * kinds * months)
        laid: Floats = came.astype(np.float64).reshape(held)
        total[begin : begin + len(draws)] = _laid(laid, parts.profiles)
    return total


def _streams(parts: Streams, runs: int, rng: np.random.Generator) -> Floats:
    kinds, months = parts.profiles.shape
    came: Floats = rng.poisson(parts.rates[:, None], (runs, kinds, months)).astype(np.float64)
    return _laid(came, parts.profiles)


def _laid(came: Floats, profiles: Floats) -> Floats:
    """Return the sum by month of profiles that begin in the months of what came, (runs, months)."""
    months = profiles.shape[1]
    total = np.zeros((len(came), months))
    for since in range(months):
        total[:, since:] += came[:, :, : months - since].transpose(0, 2, 1) @ profiles[:, since]
    return total


def _draws(rng: np.random.Generator, runs: int, count: int) -> Iterator[tuple[int, Floats]]:
    """Yield draws from 0 to 1 for some runs at a time, with the first of these runs."""
    rows = max(1, AT_ONCE // max(count, 1))
    for begin in range(0, runs, rows):
        yield begin, rng.random((min(rows, runs - begin), count))


def _check_chances(chances: Floats, shape: tuple[int, ...]) -> None:
    if chances.shape != shape or not _is_share(chances):
        raise _unusable("a chance lies between 0 and 1, one for each part and month")
    if (np.diff(chances, axis=1) < -SLACK).any():
        raise _unusable("the chance to have happened by a month never falls")


def _is_share(given: Floats) -> bool:
    return bool(np.isfinite(given).all() and (given >= 0).all() and (given <= 1 + SLACK).all())


def _unusable(what: str) -> UnusableArrays:
    return UnusableArrays(f"These parts can't be added up: {what}.", fix="Mend what was given.")
