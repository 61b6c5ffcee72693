"""Base hours for weights that mean 1 in each tier: what all accounts take together stays as it is in force.

Where the fit speaks for tiers too, those with hours share what they take as the hours are shared; any other
tier keeps what its accounts take. How many hours they are in all is never learned: what nobody logs is not
known.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenbook.capacity.numbers import BaseHours
from evenbook.capacity.rules.proposal import TierHours
from evenbook.capacity.rules.taxonomy import Factor, Floats, Places
from evenbook.engine.effort import Fit


@dataclass(frozen=True, slots=True)
class Base:
    """All active accounts, and what was learned of their tiers.

    Attributes:
        tiers: the tier of each.
        hours: hours a month that each is expected to take in force.
        products: the proposed weights of each, multiplied.
        tier: base hours as the first factor of the fit.
        fit: what was learned.
        learned: the tiers that were learned from.
        is_changed: whether any weight changes.
        is_centered: whether weights mean 1 in force already.
    """

    tiers: Places
    hours: Floats
    products: Floats
    tier: Factor
    fit: Fit
    learned: frozenset[int]
    is_changed: bool
    is_centered: bool

    @property
    def shares(self) -> bool:
        """Whether the fit speaks for tiers."""
        return bool(self.fit.adopted_factors[0])

    def place(self, tier: int) -> int:
        """Return the place of a tier in the fit."""
        return self.tier.levels.index(str(tier))

    def part(self, tier: int) -> float:
        """Return what a tier's accounts take by the hours, in a unit that all tiers have in common."""
        weight = float(self.fit.multipliers[0][self.place(tier)])
        return weight * float(self.products[self.tiers == tier].sum())

    def scale(self) -> float:
        """Return hours a month for each unit of ``part``: what the learned tiers take in all stays."""
        taken = float(self.hours[np.isin(self.tiers, list(self.learned))].sum())
        return taken / sum(self.part(tier) for tier in self.learned)


def base_hours(rows: tuple[BaseHours, ...], base: Base) -> tuple[TierHours, ...]:
    """Return the base hours of each tier, in force and as proposed."""
    ordered = sorted(rows, key=lambda row: row.tier)
    return tuple(
        _learned(row, base) if base.shares and row.tier in base.learned else _kept(row, base)
        for row in ordered
    )


def _learned(row: BaseHours, base: Base) -> TierHours:
    mine = base.tiers == row.tier
    count, place = int(mine.sum()), base.place(row.tier)
    fitted = base.scale() * base.part(row.tier) / count
    ends = base.fit.intervals_80[0][place] / base.fit.multipliers[0][place]
    low, high = (float(fitted * end) for end in ends)
    mean = float(base.hours[mine].mean())
    return TierHours(row.tier, row.hours, mean, _rounded(fitted), low, high, count)


def _kept(row: BaseHours, base: Base) -> TierHours:
    """Return what a tier's accounts take already, as base hours once weights mean 1."""
    mine = base.tiers == row.tier
    count = int(mine.sum())
    mean = float(base.hours[mine].mean()) if count else row.hours
    takes = (base.shares or base.is_changed) and not base.is_centered and count and row.hours > 0
    return TierHours(row.tier, row.hours, mean, _rounded(mean) if takes else row.hours, mean, mean, count)


def _rounded(value: float) -> float:
    """Return base hours as the policy takes them: three figures, never 0, a month at the most."""
    return min(max(float(f"{value:.3g}"), 0.001), 744.0)
