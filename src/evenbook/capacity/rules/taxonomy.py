"""The effort taxonomy as columns: which level of each factor an account has, and what the level weighs.

Levels come from the tags of ``effort_as_of``; how a tag becomes a level is said here once more for arrays,
and a test holds both to the same product.

Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from evenbook.capacity.numbers import COUNTED, FACTORS, CapacityNumbers

Places = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Columns = Mapping[str, Sequence[Any]]

SWITCHES = {
    "regulated": ("regulated", "yes", "no"),
    "signals": ("dense_signals", "dense", "usual"),
    "sentiment": ("falling_sentiment", "falling", "steady"),
    "follow_ups": ("dense_follow_ups", "dense", "usual"),
}
"""Factors that hold or do not: the column, the level where it holds, the one where it does not."""

TIER = "tier"
"""The factor that base hours are, beside those of the taxonomy."""


@dataclass(frozen=True, slots=True)
class Factor:
    """A factor with its levels, in the order of the policy.

    Attributes:
        name: as the policy has it, or that of an input of conversations.
        title: as people read it.
        levels: their names.
        multipliers: what each weighs in force.
        starts: the count from which each holds, none for levels that are names.
    """

    name: str
    title: str
    levels: tuple[str, ...]
    multipliers: tuple[float, ...]
    starts: tuple[float, ...] = ()


def factors(numbers: CapacityNumbers) -> tuple[Factor, ...]:
    """Return the factors of the taxonomy with what they weigh in force."""
    return tuple(_factor(name, numbers) for name in FACTORS)


def _factor(name: str, numbers: CapacityNumbers) -> Factor:
    rows = [row for row in numbers.multipliers if row.factor == name]
    if name in COUNTED:
        rows = sorted(rows, key=lambda row: row.at_least or 0.0)
    return Factor(
        name=name,
        title=FACTORS[name],
        levels=tuple(row.level for row in rows),
        multipliers=tuple(row.multiplier for row in rows),
        starts=tuple(row.at_least or 0.0 for row in rows) if name in COUNTED else (),
    )


def places(factor: Factor, rows: Columns) -> Places:
    """Return, per account, the place of its level among the factor's.

    Raises:
        KeyError: an account is tagged with a level that the factor does not have.
    """
    if factor.starts:
        counts = np.array([float(each) for each in rows[factor.name]])
        found = np.searchsorted(np.array(factor.starts), counts, side="right") - 1
        return np.maximum(found, 0).astype(np.int64)
    place = {level: at for at, level in enumerate(factor.levels)}
    if factor.name in SWITCHES:
        column, holds, holds_not = SWITCHES[factor.name]
        return np.array([place[holds if each else holds_not] for each in rows[column]], dtype=np.int64)
    return np.array([place[each] for each in rows[factor.name]], dtype=np.int64)


def tiers(numbers: CapacityNumbers, often: Mapping[int, int]) -> Factor:
    """Return base hours as a factor: those of each tier over those of the tier with most accounts.

    Args:
        numbers: the policy in force.
        often: how many accounts with hours each tier has. Tiers without base hours have no level.
    """
    hours = {row.tier: row.hours for row in numbers.base_hours if row.hours > 0}
    reference = max(hours, key=lambda tier: (often.get(tier, 0), -tier))
    return Factor(
        name=TIER,
        title="Tier",
        levels=tuple(str(tier) for tier in hours),
        multipliers=tuple(each / hours[reference] for each in hours.values()),
    )


def product(weights: Sequence[Sequence[float]], levels: Sequence[Places]) -> Floats:
    """Return each account's product of weights; ``levels`` has one array a factor."""
    found: Floats = np.ones(levels[0].size if levels else 0)
    for each, level in zip(weights, levels, strict=True):
        found = found * np.asarray(each, dtype=np.float64)[level]
    return found
