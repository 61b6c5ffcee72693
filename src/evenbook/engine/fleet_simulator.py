"""A made-up fleet with changes of known date, to measure a detector on.

Accounts of very different sizes (log-normal, median 8 users a week), each wandering by
2% a week, in a common season with a holiday dip of two weeks; counts are noisier than
chance by a gamma factor of shape ``k``. Season and noise are drawn anew for each fleet
and told to nobody. Some accounts fall at a known week between 45 and 85: at once by 40,
60 or 80%, or over eight weeks to half.

The ranges were written down before the detector was tuned, and are part of the bench's
definition: changing them makes its figures a different measurement.

Pure: a seed in, arrays out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SHAPES = (4.0, 30.0)
"""Range of the hidden gamma shape, drawn evenly in the logarithm."""
GOLDEN = 0.6180339887498949
AMPLITUDES = (0.15, 0.30)
"""Range of the hidden season's amplitude, drawn evenly."""
DIP, DIP_WEEKS = 0.45, 2
CHANGE_WEEKS = (45, 85)
RAMP_WEEKS, RAMP_DEPTH = 8, 0.5
NONE, RAMP = "none", "ramp 50%"
FALLS = {"fall 20%": 0.2, "fall 40%": 0.4, "fall 60%": 0.6, "fall 80%": 0.8}


@dataclass(frozen=True, slots=True)
class FleetKind:
    """What sort of fleet is made. None: drawn from the ranges above.

    Attributes:
        accounts: how many.
        shares: share of the accounts that change, by kind; the rest do not.
        weeks: length of the history.
        shape: gamma shape of the noise; smaller is noisier.
        shapes_even: whether the hidden shape is drawn evenly instead.
        shape_spread: deviation of the logarithm of the shape between accounts.
        amplitude: of the season.
        wander: deviation of a week's step of the logarithm of the level.
        median, sigma: of the log-normal sizes.
    """

    accounts: int
    shares: tuple[tuple[str, float], ...] = ()
    weeks: int = 104
    shape: float | None = None
    shapes_even: bool = False
    shape_spread: float = 0.0
    amplitude: float | None = None
    wander: float = 0.02
    median: float = 8.0
    sigma: float = 1.3


@dataclass(frozen=True, slots=True)
class MadeFleet:
    """A fleet with its truth.

    Attributes:
        counts: weeks by accounts, users a week.
        change: per account, its kind.
        change_week: per account, the first week of the change; ``weeks`` where none.
        size: per account, users a week before season, wander and change.
        season: per week, the true index.
        shape: gamma shape of the noise.
    """

    counts: npt.NDArray[np.float32]
    change: npt.NDArray[np.str_]
    change_week: npt.NDArray[np.int64]
    size: Floats
    season: Floats
    shape: float


def make_fleet(kind: FleetKind, *, seed: int) -> MadeFleet:
    """Return the fleet of this seed."""
    rng = np.random.default_rng(seed)
    shape = kind.shape or _shape(kind, seed)
    season = _season(kind, rng)
    size = kind.median * np.exp(kind.sigma * rng.standard_normal(kind.accounts))
    change, change_week = _changes(kind, rng)
    mean = np.log(size) + np.cumsum(kind.wander * rng.standard_normal((kind.weeks, kind.accounts)), axis=0)
    mean = np.exp(mean) * season[:, None] * _kept(kind, change, change_week)
    shapes = shape * np.exp(kind.shape_spread * rng.standard_normal(kind.accounts))
    noise = rng.gamma(shapes, 1.0 / shapes, (kind.weeks, kind.accounts))
    counts = rng.poisson(mean * noise).astype(np.float32)
    return MadeFleet(counts, change, change_week, size, season, shape)


def _shape(kind: FleetKind, seed: int) -> float:
    """Return the hidden shape of the noise.

    Neighboring seeds are spread over the range (the golden ratio's sequence), so some
    dozens of fleets cover it evenly and no figure hangs on the luck of the draw.
    """
    place = (seed * GOLDEN) % 1.0
    low, high = SHAPES
    return low + place * (high - low) if kind.shapes_even else low * (high / low) ** place


def _season(kind: FleetKind, rng: np.random.Generator) -> Floats:
    """Return a year's wave of hidden phase, with a holiday dip at a hidden week."""
    amplitude = kind.amplitude or rng.uniform(*AMPLITUDES)
    week = np.arange(kind.weeks)
    wave = 1.0 + amplitude * np.sin(2.0 * np.pi * (week + rng.uniform(0.0, 52.0)) / 52.0)
    in_dip = (week - rng.integers(0, 52)) % 52 < DIP_WEEKS
    index: Floats = np.where(in_dip, DIP * wave, wave)
    return index


def _changes(kind: FleetKind, rng: np.random.Generator) -> tuple[npt.NDArray[np.str_], npt.NDArray[np.int64]]:
    """Return each account's change and the week it begins."""
    names = np.array([NONE, *(name for name, _ in kind.shares)])
    shares = np.array([share for _, share in kind.shares])
    bounds = np.concatenate([[1.0 - shares.sum()], 1.0 - shares.sum() + np.cumsum(shares)])
    drawn = np.searchsorted(bounds, rng.uniform(size=kind.accounts), side="right")
    change = names[np.minimum(drawn, names.size - 1)]
    begins = rng.integers(CHANGE_WEEKS[0], CHANGE_WEEKS[1] + 1, kind.accounts)
    return change, np.where(change == NONE, kind.weeks, begins)


def _kept(kind: FleetKind, change: npt.NDArray[np.str_], change_week: npt.NDArray[np.int64]) -> Floats:
    """Return weeks by accounts, the share of the level that is left."""
    age = np.arange(kind.weeks)[:, None] - change_week[None, :]
    depth = np.array([FALLS.get(str(name), 0.0) for name in change])
    ramp = np.where(change == RAMP, RAMP_DEPTH, 0.0)
    kept: Floats = 1.0 - (age >= 0) * depth - np.clip((age + 1) / RAMP_WEEKS, 0.0, 1.0) * ramp
    return kept
