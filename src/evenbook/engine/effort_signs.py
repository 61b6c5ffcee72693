"""The likeliest weights among those that have given signs.

Under a normal distribution that is the point nearest to the mean, distances measured by the
covariance, on the right side of 0 in every coordinate: a convex problem, solved one coordinate at a time.

Source:
    Wright, Mathematical Programming 151 (2015), 3-34 (coordinate descent).
"""

from __future__ import annotations

import numpy as np

from evenbook.engine.given_arrays import Floats

ROUNDS, CLOSE = 500, 1e-9


def nearest_signed(mean: Floats, covariance: Floats, sign: Floats) -> Floats:
    """Return the likeliest point with these signs (coordinate descent); a sign of 0 binds nothing."""
    precision = np.linalg.inv(covariance) if mean.size else covariance
    point = np.where(sign * mean < 0.0, 0.0, mean)
    for _ in range(ROUNDS):
        before = point.copy()
        for place in range(mean.size):
            off = precision[place] @ (point - mean) - precision[place, place] * (point[place] - mean[place])
            there = mean[place] - off / precision[place, place]
            point[place] = there if sign[place] * there >= 0.0 else 0.0
        if not point.size or float(np.max(np.abs(point - before))) < CLOSE:
            break
    return point
