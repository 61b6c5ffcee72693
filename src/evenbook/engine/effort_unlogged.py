"""Why an account has no logged hours: it took few, and few hours are easily not logged.

An account of ``t`` (its expected hours over those at which logging begins) has none logged with
the chance ``exp(-t v)``, where ``v`` is what logging sees of the account's own luck, gamma with
mean 1 and variance ``seen``. Then everything has a closed form (Laplace transforms of the gamma):
the chance of a zero, and by how much the hours of those that were logged lie above all hours,
since logging also selects. ``seen`` = 0: logging sees what is expected, and nothing is selected.
``link`` is the same variance in the chance alone, for zeros that are less sharply tied to hours.

Source:
    Heckman, Econometrica 47 (1979), 153-161 (selection on the outcome);
    Hougaard, Biometrika 71 (1984), 75-83 (gamma mixtures and their Laplace transforms).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

FARTHEST = 8.0
"""The logarithm of t is held within this; past it all or nothing is logged."""
LEAST_SEEN = 1e-6
STEP = 1e-4


@dataclass(frozen=True, slots=True)
class Unlogged:
    """One entry an account.

    Attributes:
        log_none: logarithm of the chance that no hour is logged.
        log_some: logarithm of the chance that some are.
        slope: derivative of ``log_none`` by the logarithm of t.
        log_lift: logarithm of the mean of logged hours over that of all hours.
        lift_slope: its derivative by the logarithm of t.
        spread: relative variance of the logged hours around their mean.
    """

    log_none: Floats
    log_some: Floats
    slope: Floats
    log_lift: Floats
    lift_slope: Floats
    spread: Floats

    @property
    def score(self) -> Floats:
        """Return the derivative of ``log_some`` by the logarithm of t."""
        return -self.slope * np.exp(self.log_none - self.log_some)

    @property
    def information(self) -> Floats:
        """Return what an account tells of the logarithm of its t by being logged or not."""
        return self.slope**2 * np.exp(self.log_none - self.log_some)

    def all_logged(self, spread: Floats) -> Unlogged:
        """Return the same where everything is logged: no zero to hear, nothing selected."""
        none = np.zeros_like(spread)
        return Unlogged(none - np.inf, none, none, none, none, spread)


def unlogged(log_t: Floats, *, seen: Floats, link: float, spread: Floats) -> Unlogged:
    """Return what the model says of accounts.

    Args:
        log_t: logarithm of expected hours over those at which logging begins.
        seen: variance of what logging sees, 0 or more.
        link: added to it in the chance of a zero.
        spread: relative variance of all hours around what is expected, ``seen`` included.
    """
    held = np.clip(log_t, -FARTHEST, FARTHEST)
    sees = np.maximum(seen, LEAST_SEEN)
    mixed = sees + link
    t = np.exp(held)
    log_none = -np.log1p(mixed * t) / mixed
    lift = _log_lift(held, sees, order=1)
    square = _log_lift(held, sees, order=2)
    return Unlogged(
        log_none=log_none,
        log_some=np.log(-np.expm1(np.minimum(log_none, -1e-12))),
        slope=-t / (1.0 + mixed * t),
        log_lift=lift,
        lift_slope=(_log_lift(held + STEP, sees, order=1) - _log_lift(held - STEP, sees, order=1))
        / (2.0 * STEP),
        spread=np.maximum((1.0 + spread) * np.exp(square - 2.0 * lift) - 1.0, 1e-3),
    )


def _log_lift(log_t: Floats, seen: Floats, *, order: int) -> Floats:
    """Return the logarithm of the moment of ``v`` among the logged, over that among all."""
    rate = np.log1p(seen * np.exp(log_t))
    lifted: Floats = np.log(np.expm1(-rate * (1.0 / seen + order)) / np.expm1(-rate / seen))
    return lifted
