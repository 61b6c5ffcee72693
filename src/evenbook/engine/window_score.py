"""How far a few weeks of counts lie from what an account usually does, in standard deviations.

Counts of a customer's users are small and over-dispersed, so the plain ratio of two
means is a bad ruler: it shouts for an account of two users and whispers for one of
two hundred. The score here is the signed root of the negative-binomial deviance,
which is close to a standard normal number for small and large counts alike.

Pure: arrays in, arrays out. One entry an account everywhere.

Sources:
    McCullagh and Nelder, Generalized Linear Models (1989), 2.4 (deviance residuals).
    Hilbe, Negative Binomial Regression (2011), 8.2 (NB2 variance m + m^2 * dispersion).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SMALLEST_MEAN = 1e-6
"""Keeps the logarithm finite for an account that never had a user."""


def signed_score(seen: Floats, expected: Floats, dispersion: Floats) -> Floats:
    """Return how many standard deviations ``seen`` lies above (+) or below (-) ``expected``.

    Args:
        seen: users summed over the window, not negative.
        expected: users expected in the same window, positive.
        dispersion: the relative variance of the window's sum beyond Poisson; the
            variance of ``seen`` is ``expected + dispersion * expected**2``. Positive.

    Returns:
        The signed root of the negative-binomial deviance.
    """
    shape = 1.0 / dispersion
    mean = np.maximum(expected, SMALLEST_MEAN)
    own = seen * np.log(np.maximum(seen, SMALLEST_MEAN) / mean)
    shared = (seen + shape) * np.log((shape + seen) / (shape + mean))
    root = np.sqrt(np.maximum(2.0 * (own - shared), 0.0))
    return np.copysign(root, seen - mean)


def window_dispersion(
    dispersion: Floats, exposure: Floats, exposure_squares: Floats, level_variance: Floats
) -> Floats:
    """Return the relative variance beyond Poisson of a window's sum around its expectation.

    Args:
        dispersion: of one week, as in ``variance = m + dispersion * m**2``.
        exposure: sum of the season's index over the weeks of the window that were seen.
        exposure_squares: sum of its squares.
        level_variance: relative variance of the usual level itself (how well it is
            known, and how far it may have wandered since).
    """
    return dispersion * exposure_squares / (exposure * exposure) + level_variance
