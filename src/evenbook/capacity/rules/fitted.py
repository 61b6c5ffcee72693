"""The weights of the effort taxonomy that logged hours speak for.

Hours are a base of the tier times the weights of the levels, as effort is. ``engine.effort`` fits it, pulled
towards the weights in force, with unlogged time modeled; here accounts become its arrays, and what it found
becomes a proposal. Where too little is known, a sentence says so and nothing is proposed.

How hours are shared among tiers is learned too, see ``shared_hours``.

Pure: columns in, a proposal out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, log

import numpy as np

from evenbook.capacity.numbers import CapacityNumbers
from evenbook.capacity.numbers.calibration import CalibrationNumbers
from evenbook.capacity.rules.heard import inputs
from evenbook.capacity.rules.proposal import Errors, Proposal, Weight
from evenbook.capacity.rules.shared_hours import Base, base_hours
from evenbook.capacity.rules.taxonomy import (
    TIER,
    Columns,
    Factor,
    Places,
    factors,
    places,
    product,
    tiers,
)
from evenbook.engine.effort import NORMAL_TAIL, Fit, fit_effort

OF_CONVERSATIONS = ("sentiment", "follow_ups")
"""Factors of the taxonomy that conversations tell."""
FEWEST_WEEKS = 1.0
"""Weeks of an account from which on its hours say something."""
LOWEST, HIGHEST = 0.01, 5.0
"""What a weight of the policy may be."""

NOBODY = "nobody works them"
NEW = "they began less than a week before"
NO_BASE = "their tier has no base hours"
NO_MINUTES = "there was contact, and no minutes of it"
SILENT = "whoever works them logged nothing at all"


@dataclass(frozen=True, slots=True)
class Known:
    """The accounts that are learned from, as columns of all: ``kept`` says which they are."""

    kept: Places
    hours: list[float]
    weeks: list[float]
    person: list[int]
    left_out: Mapping[str, int]

    @property
    def with_hours(self) -> int:
        """How many of them have hours."""
        return sum(each > 0 for each in self.hours)

    @property
    def people(self) -> int:
        """How many people log for them."""
        return len(set(self.person))


def proposal(
    rows: Columns, effort: CapacityNumbers, numbers: CalibrationNumbers, *, seed: int = 0
) -> Proposal:
    """Return what the hours of a day's accounts speak for.

    Args:
        rows: the columns of ``logged_as_of``, one entry an active account.
        effort: the weights in force.
        numbers: how much is asked for before anything is said.
        seed: of the people held out.
    """
    known = _known(rows, effort)
    why = _why_not(rows, effort, known, numbers)
    about = Proposal(
        why, numbers.weeks, known.kept.size, known.with_hours, people=known.people, left_out=known.left_out
    )
    return about if why else _learned(about, rows, effort, known=known, seed=seed)


def _learned(about: Proposal, rows: Columns, effort: CapacityNumbers, *, known: Known, seed: int) -> Proposal:
    taxonomy, heard = factors(effort), inputs(rows)
    levels = [places(each, rows) for each in taxonomy]
    tier = tiers(effort, _often(rows, known))
    given, tagged = (tier, *taxonomy), [_tier_places(tier, rows), *levels]
    fit = _fit(known, given, tagged, seed)
    more = _fit(
        known, (*given, *(each for each, _ in heard)), [*tagged, *(level for _, level in heard)], seed
    )
    weights = tuple(_weights(taxonomy, levels, known, fit, skip=1))
    proposed = [[each.proposed for each in weights if each.factor == factor.name] for factor in taxonomy]
    base = Base(
        tiers=np.array(rows[TIER], dtype=np.int64),
        hours=np.array(rows["effort_hours"], dtype=np.float64),
        products=product(proposed, levels),
        tier=tier,
        fit=fit,
        learned=frozenset(int(rows[TIER][at]) for at in known.kept),
        is_changed=any(each.is_changed for each in weights),
        is_centered=effort.centered,
    )
    shown = ([each for each, _ in heard], [level for _, level in heard])
    return replace(
        about,
        logged_share=1.0 - fit.unlogged_share,
        pull=fit.pull,
        errors=_errors(known, given, tagged, fit=fit, more=more, seed=seed),
        weights=weights,
        inputs=tuple(
            replace(each, proposed=each.in_force) for each in _weights(*shown, known, more, skip=len(tagged))
        ),
        base_hours=base_hours(effort.base_hours, base),
    )


def _often(rows: Columns, known: Known) -> Counter[int]:
    """Return how many accounts with hours each tier has."""
    tiers_of = (int(rows[TIER][at]) for at in known.kept)
    return Counter(tier for tier, hours in zip(tiers_of, known.hours, strict=True) if hours > 0)


def _known(rows: Columns, effort: CapacityNumbers) -> Known:
    """Return the accounts whose hours say something, and why others are left out."""
    based = {row.tier for row in effort.base_hours if row.hours > 0}
    person = [_worker(*each) for each in zip(rows["person"], rows["pool"], strict=True)]
    logs = {who for who, hours in zip(person, rows["hours"], strict=True) if hours}
    left_out: Counter[str] = Counter()
    kept: list[int] = []
    for at, (who, tier, hours, weeks) in enumerate(
        zip(person, rows["tier"], rows["hours"], rows["weeks"], strict=True)
    ):
        why = _left_out(who, hours, weeks, has_base=tier in based, logs=who in logs)
        left_out.update([why] if why else [])
        kept += [] if why else [at]
    return Known(
        np.array(kept, dtype=np.int64),
        [float(rows["hours"][at]) for at in kept],
        [float(rows["weeks"][at]) for at in kept],
        [person[at] or 0 for at in kept],
        dict(left_out),
    )


def _left_out(who: int | None, hours: float | None, weeks: float, *, has_base: bool, logs: bool) -> str:
    reasons = {
        NOBODY: who is None,
        NO_BASE: not has_base,
        NEW: weeks < FEWEST_WEEKS,
        NO_MINUTES: hours is None,
        SILENT: not logs,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _worker(person: int | None, pool: int | None) -> int | None:
    """Return who logs for an account: a person, else a pool as one, told apart by its sign."""
    return person if person is not None else None if pool is None else -pool


def _why_not(rows: Columns, effort: CapacityNumbers, known: Known, numbers: CalibrationNumbers) -> str:
    weak = next((row for row in effort.multipliers if not row.multiplier > 0), None)
    if weak is not None:
        return f"The weight of {weak.factor}, {weak.level} is not above 0, so no product can be fitted."
    if not rows["account"]:
        return "No account is active, so there are no hours to learn from."
    if not any(rows["hours"]):
        return f"No hours were logged in the last {numbers.weeks} weeks, so the weights stay."
    if known.people < 2:
        return (
            "Only one person logs hours: what they leave out could not be told from what accounts take, "
            "so the weights stay."
        )
    if known.with_hours < numbers.least_accounts:
        return (
            f"Only {known.with_hours} accounts have hours; it takes {numbers.least_accounts} (policy) before "
            "they say more than the weights in force."
        )
    return ""


def _tier_places(tier: Factor, rows: Columns) -> Places:
    """Return the place of each account's tier; one without base hours stands first, and is not kept."""
    place = {level: at for at, level in enumerate(tier.levels)}
    return np.array([place.get(str(each), 0) for each in rows[TIER]], dtype=np.int64)


def _fit(known: Known, given: Sequence[Factor], levels: Sequence[Places], seed: int) -> Fit:
    tagged = np.stack([each[known.kept] for each in levels], axis=1)
    defaults = [each.multipliers for each in given]
    return fit_effort(known.hours, known.weeks, tagged, defaults, known.person, seed=seed)


def _weights(
    given: Sequence[Factor], levels: Sequence[Places], known: Known, fit: Fit, *, skip: int
) -> list[Weight]:
    """Return every level of some factors; ``skip`` is the place of the first in the fit."""
    found = []
    for at, (factor, level) in enumerate(zip(given, levels, strict=True)):
        often = np.bincount(level[known.kept], minlength=len(factor.levels))
        for place, name in enumerate(factor.levels):
            low, high = (float(end) for end in fit.intervals_80[skip + at][place])
            in_force = factor.multipliers[place]
            proposed = float(fit.proposed[skip + at][place])
            taken = bool(fit.adopted_factors[skip + at]) and often[place] > 0
            found.append(
                Weight(
                    factor=factor.name,
                    title=factor.title,
                    level=name,
                    in_force=in_force,
                    fitted=float(fit.multipliers[skip + at][place]),
                    low=low,
                    high=high,
                    pulled=_pulled(low, high, fit.pull),
                    accounts=int(often[place]),
                    proposed=_rounded(proposed) if taken else in_force,
                )
            )
    return found


def _rounded(value: float) -> float:
    """Return a weight as the policy takes it: two decimals, never 0."""
    return round(min(max(value, LOWEST), HIGHEST), 2)


def _pulled(low: float, high: float, pull: float) -> float:
    """Return the share that the value in force has: the variance left over the variance beforehand."""
    left = log(high / low) / (2.0 * NORMAL_TAIL)
    return min(1.0, (left / pull) ** 2) if left > 0 and pull > 0 else 1.0


def _errors(
    known: Known, given: Sequence[Factor], levels: Sequence[Places], *, fit: Fit, more: Fit, seed: int
) -> Errors:
    silent = [at for at, each in enumerate(given) if each.name not in OF_CONVERSATIONS]
    less = _fit(known, [given[at] for at in silent], [levels[at] for at in silent], seed)
    return Errors(
        in_force=_said(fit.default_error),
        fitted=_said(fit.heldout_error),
        without_conversations=_said(less.heldout_error),
        with_conversations=_said(more.heldout_error),
    )


def _said(error: float) -> float | None:
    return error if isfinite(error) else None
