"""How much each term of a score counts, learned from what followed, never below zero.

A logistic curve of a share that was lost, between 0 and 1, over terms that run from 0 to 1: the quasi-
likelihood of L. Papke and J. Wooldridge, "Econometric methods for fractional response variables", Journal
of Applied Econometrics 11 (1996). Weights are held at zero or above, for a score in which more of a sign
means less risk can't be read; and pulled towards weights given beforehand, the more, the fewer rows there
are. Solved by the projected Newton method of D. Bertsekas, "Projected Newton methods for optimization
problems with simple constraints", SIAM Journal on Control and Optimization 20 (1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from evenbook.engine.given_arrays import Floats, UnusableArrays, floats, same_length

STEPS, HALVINGS = 200, 40
SETTLED = 1e-10
LEAST_CURVE = 1e-9


@dataclass(frozen=True)
class RiskCurve:
    """A logistic curve over terms: ``share = 1 / (1 + exp(-(level + terms · weights)))``."""

    level: float
    weights: Floats

    def share(self, terms: Floats) -> Floats:
        """Return the share expected for each row of terms."""
        return np.asarray(1.0 / (1.0 + np.exp(-(self.level + terms @ self.weights))))

    def loss(self, terms: Floats, lost: Floats) -> float:
        """Return the mean cross-entropy, in nats a row; lower is better."""
        height = self.level + terms @ self.weights
        return float((np.logaddexp(0.0, height) - lost * height).mean())


def fit_risk(terms: npt.ArrayLike, lost: npt.ArrayLike, *, towards: npt.ArrayLike, pull: float) -> RiskCurve:
    """Return the curve that explains what was lost.

    Args:
        terms: [rows, terms] how far each sign stood, 0 to 1.
        lost: [rows] the share that was lost afterwards, 0 to 1.
        towards: [terms] weights that they are pulled towards, 0 or above.
        pull: how strongly: half of it times the squared distance is added to the sum of the losses.

    Raises:
        UnusableArrays: the arrays do not fit together, hold what is not known or is outside of 0 to 1, or
            nothing or everything was lost in all rows, so that no curve can be told.
    """
    fit = _Fit(*_checked(terms, lost, towards), pull)
    mean = float(fit.lost.mean())
    place = np.concatenate([[np.log(mean / (1.0 - mean))], fit.towards])
    place[0] -= float((fit.terms @ fit.towards).mean())
    height = fit.height(place)
    for _ in range(STEPS):
        following = fit.better(place, height)
        if following is None:
            break
        gained, height = height - fit.height(following), fit.height(following)
        place = following
        if gained < SETTLED * (1.0 + abs(height)):
            break
    return RiskCurve(float(place[0]), place[1:])


@dataclass(frozen=True)
class _Fit:
    """The sum of the losses and of the pull, at a level and weights in one array."""

    terms: Floats
    lost: Floats
    towards: Floats
    pull: float

    def height(self, place: Floats) -> float:
        curve = RiskCurve(float(place[0]), place[1:])
        away = place[1:] - self.towards
        return len(self.lost) * curve.loss(self.terms, self.lost) + 0.5 * self.pull * float(away @ away)

    def better(self, place: Floats, height: float) -> Floats | None:
        """Return a lower place along the projected Newton step; None where no step leads down."""
        slope, curve = self._slope_and_curve(place)
        free = (place > 0.0) | (slope < 0.0)
        free[0] = True
        step = np.zeros(len(place))
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        length = 1.0
        for _ in range(HALVINGS):
            found = place - length * step
            found[1:] = np.maximum(found[1:], 0.0)
            if self.height(found) < height:
                return found
            length /= 2.0
        return None

    def _slope_and_curve(self, place: Floats) -> tuple[Floats, Floats]:
        share = RiskCurve(float(place[0]), place[1:]).share(self.terms)
        wide = np.column_stack([np.ones(len(self.lost)), self.terms])
        slope = wide.T @ (share - self.lost)
        curve = (wide * (share * (1.0 - share))[:, None]).T @ wide
        slope[1:] += self.pull * (place[1:] - self.towards)
        curve[np.diag_indices_from(curve)] += LEAST_CURVE
        curve[1:, 1:] += self.pull * np.eye(len(self.towards))
        return slope, curve


def _checked(
    terms: npt.ArrayLike, lost: npt.ArrayLike, towards: npt.ArrayLike
) -> tuple[Floats, Floats, Floats]:
    held, share = floats("terms", terms, ndim=2, at_least=0.0), floats("lost", lost, at_least=0.0)
    start = floats("towards", towards, at_least=0.0)
    same_length(terms=held, lost=share)
    if held.shape[1] != len(start):
        raise UnusableArrays(
            f"There are {held.shape[1]} terms and {len(start)} weights to pull towards.",
            fix="Give one a term.",
        )
    if not all(bool((each <= 1.0).all()) for each in (held, share)) or bool(np.isnan(start).any()):
        raise UnusableArrays("A term or a share is over 1 or not known.", fix="Give shares between 0 and 1.")
    if not 0.0 < float(share.sum()) < len(share):
        raise UnusableArrays("Nothing was lost, or everything was.", fix="Wait for more to follow.")
    return held, share, start
