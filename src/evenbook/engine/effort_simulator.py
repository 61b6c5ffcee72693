"""Made-up companies whose effort weights are known, to measure a calibration on.

Each company draws its multipliers around the defaults, how much its accounts differ beyond
their levels, how noisy logged hours are, how completely each person logs, and how time goes
unlogged: an account of few hours is the likelier to have none logged at all, so the zeros
speak of effort, yet are not an effort of zero. All of it is drawn anew for each seed and told
to nobody. In half of the companies logging sees what the account should take, in the others
what it took that time, which also selects which hours are seen.

The ranges were written down before the calibration was tuned, and are part of the bench's
definition.

Pure: a seed in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
Signs = Literal["held", "free"]

FACTORS: tuple[tuple[tuple[float, float], ...], ...] = (
    ((3.33, 0.2), (1.0, 0.45), (0.25, 0.35)),
    ((1.6, 0.15), (1.0, 0.3), (0.85, 0.35), (1.3, 0.2)),
    ((0.9, 0.25), (1.0, 0.4), (1.2, 0.25), (1.4, 0.1)),
    ((1.0, 0.6), (1.3, 0.15), (1.5, 0.1), (1.15, 0.15)),
    ((0.85, 0.25), (1.0, 0.5), (1.3, 0.25)),
)
"""Per factor its levels: default multiplier, and share of the accounts. 13 levels are not a reference."""
WEEKS = 8.0
BOOK = 30
"""Accounts a person, about."""
SPREAD = 0.35
"""Deviation of a company's log-multipliers around the defaults."""
TYPICAL_HOURS = (2.5, 6.0)
"""Hours in the whole time of an account whose multipliers are all 1, drawn evenly in the logarithm."""
ACCOUNT_SPREAD = 0.5
NOISE_SHAPES = (3.0, 12.0)
UNLOGGED_HOURS = (1.0, 2.0)
"""Hours at which an account goes unlogged with a chance of 1 in e."""
COMPLETENESS, COMPLETENESS_SPREAD = 0.86, 0.25


@dataclass(frozen=True, slots=True)
class CompanyKind:
    """What sort of company is made.

    Attributes:
        accounts: how many have hours to learn from.
        fresh: how many more, without hours, the learned weights are judged on.
        logs_all: whether no time goes unlogged.
        spread: deviation of the true log-multipliers around the defaults; 0 is a company in
            which the defaults are true.
        signs: whether a true multiplier stays on its default's side of 1 (drawn again until
            it does), or may cross.
        persons: how many people the accounts belong to; 0 is one a book of ``BOOK``.
    """

    accounts: int
    fresh: int = 20_000
    logs_all: bool = False
    spread: float = SPREAD
    signs: Signs = "held"
    persons: int = 0


@dataclass(frozen=True, slots=True)
class MadeCompany:
    """A company with its truth.

    Attributes:
        hours: logged per account in its whole exposure.
        exposure_weeks: per account.
        levels: accounts by factors, place of the level.
        defaults: per factor, default multipliers of its levels.
        person: per account.
        truth: per factor, true multipliers of its levels.
        fresh_levels: fresh accounts by factors.
        unlogged: share of the accounts without an hour.
    """

    hours: Floats
    exposure_weeks: Floats
    levels: Places
    defaults: tuple[Floats, ...]
    person: Places
    truth: tuple[Floats, ...]
    fresh_levels: Places
    unlogged: float


def make_company(kind: CompanyKind, *, seed: int) -> MadeCompany:
    """Return the company of this seed."""
    rng = np.random.default_rng(seed)
    defaults = tuple(np.array([level for level, _ in factor]) for factor in FACTORS)
    truth = tuple(_drawn(each, kind, rng) for each in defaults)
    levels, fresh = _levels(kind.accounts, rng), _levels(kind.fresh, rng)
    person = rng.integers(0, kind.persons or max(2, round(kind.accounts / BOOK)), kind.accounts)
    low, high = TYPICAL_HOURS
    expected = low * (high / low) ** rng.uniform() * effort(truth, levels)
    hours = _hours(expected, person, kind=kind, rng=rng)
    exposure = np.full(kind.accounts, WEEKS)
    return MadeCompany(hours, exposure, levels, defaults, person, truth, fresh, float(np.mean(hours == 0.0)))


def effort(multipliers: tuple[Floats, ...], levels: Places) -> Floats:
    """Return the product of each account's multipliers."""
    product: Floats = np.ones(levels.shape[0])
    for factor, each in enumerate(multipliers):
        product = product * each[levels[:, factor]]
    return product


def _drawn(defaults: Floats, kind: CompanyKind, rng: np.random.Generator) -> Floats:
    """Return true multipliers; the reference stays at 1."""
    drawn = np.zeros(defaults.size)
    for place, center in enumerate(np.log(defaults)):
        while center != 0.0:
            drawn[place] = center + kind.spread * rng.standard_normal()
            if kind.signs == "free" or drawn[place] * center > 0.0:
                break
    return np.exp(drawn)


def _levels(accounts: int, rng: np.random.Generator) -> Places:
    drawn = [rng.choice(len(factor), accounts, p=[share for _, share in factor]) for factor in FACTORS]
    return np.stack(drawn, axis=1).astype(np.int64)


def _hours(expected: Floats, person: Places, *, kind: CompanyKind, rng: np.random.Generator) -> Floats:
    """Return logged hours: what was worked, as far as it was logged at all."""
    shape = np.exp(rng.uniform(*np.log(NOISE_SHAPES)))
    own = expected * np.exp(ACCOUNT_SPREAD * rng.standard_normal(expected.size) - ACCOUNT_SPREAD**2 / 2.0)
    worked = own * rng.gamma(shape, 1.0 / shape, expected.size)
    if kind.logs_all:
        return worked
    share = np.clip(COMPLETENESS + COMPLETENESS_SPREAD * rng.standard_normal(person.max() + 1), 0.2, 1.0)
    seen = expected if rng.uniform() < 0.5 else worked
    unlogged = rng.uniform(size=expected.size) < np.exp(-seen / rng.uniform(*UNLOGGED_HOURS))
    return np.where(unlogged, 0.0, worked * share[person])
