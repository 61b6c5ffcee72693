"""Hours of accounts as a product of multipliers, found by Fisher scoring.

Logged hours have the mean ``exp(scale + multipliers + person) x lift`` and a variance of
``spread`` times its square, where the spread has a part that falls with the mean: over-dispersed
as a negative binomial, weighed as a quasi-likelihood, so no shape of the noise is assumed. Whether
an account has hours at all depends on its expected hours (``effort_unlogged``), and is heard as
evidence of them. Log-multipliers are normal around their defaults, people's completeness is
normal around the scale; both are penalties, so few data leave the defaults in place.

An account whose hours lie more than six deviations above its mean counts as lying there: one
absurd entry does not set a weight.

Source:
    McCullagh and Nelder, Generalized Linear Models, 2nd ed. (1989), ch. 8-9 (gamma, quasi-likelihood);
    Breslow and Clayton, JASA 88 (1993), 9-25 (penalized quasi-likelihood, Laplace evidence).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from evenbook.engine.effort_design import Design
from evenbook.engine.effort_unlogged import Unlogged, unlogged

Floats = npt.NDArray[np.float64]

STEEPNESS, STEEPNESS_SPREAD = 1.0, 0.3
"""How the logarithm of t follows that of expected hours: 1, give or take."""
ONSET_SPREAD = 3.0
SCALE_PRECISION = 1e-4
SPREAD_START, SPREAD_WORTH = 0.7, 20.0
LEAST_SPREAD = 0.02
ENOUGH_FOR_TWO = 60
"""Logged accounts from which on a part of the spread may fall with the mean."""
PERSON_START, PERSON_WORTH = 0.06, 2.0
FARTHEST_DEVIATIONS = 6.0
ROUNDS, CLOSE = 40, 1e-4
SMALLEST_STEP = 1e-3


@dataclass(frozen=True, slots=True)
class Setting:
    """What a fit takes as given.

    Attributes:
        pull: deviation of log-multipliers around their defaults.
        sees: share of the unexplained variance that logging sees.
        link: as in ``effort_unlogged``.
        person: whether a person's completeness moves the chance of a zero too.
    """

    pull: float
    sees: float = 0.3
    link: float = 0.0
    person: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """What a fit finds.

    Attributes:
        weights: scale, free log-multipliers, steepness and onset of logging.
        people: logarithm of each person's completeness around the scale.
        spread, spread_falling: relative variance, and hours over which a part of it falls.
        person_variance: of ``people``.
    """

    weights: Floats
    people: Floats
    spread: float
    spread_falling: float
    person_variance: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """A fit that has settled.

    Attributes:
        covariance: of the weights, what the people may be allowed for.
        evidence: logarithm of the likelihood with everything fitted integrated out (Laplace).
    """

    setting: Setting
    state: State
    covariance: Floats
    evidence: float

    @property
    def logs(self) -> Floats:
        """Return the free log-multipliers."""
        return self.state.weights[1:-2]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The accounts under a state: expected hours, what logging does to them, the mean of logged hours."""

    log_hours: Floats
    zeros: Unlogged
    log_mean: Floats
    hours: Floats


@dataclass(frozen=True, slots=True)
class _Scores:
    """Slopes and curvatures at a state: of the weights, of the people, and between them."""

    weights: Floats
    people: Floats
    curve: Floats
    between: Floats
    people_curve: Floats

    def reduced(self) -> Floats:
        """Return the curvature of the weights with the people allowed for."""
        reduced: Floats = self.curve - (self.between / self.people_curve) @ self.between.T
        return reduced

    def step(self) -> tuple[Floats, Floats]:
        """Return the step of the weights and of the people."""
        shared = self.between / self.people_curve
        step = np.asarray(
            np.linalg.solve(self.reduced(), self.weights - shared @ self.people), dtype=np.float64
        )
        return step, (self.people - self.between.T @ step) / self.people_curve

    def people_variance(self) -> Floats:
        """Return how uncertain each person is, the weights allowed for."""
        shared = self.between / self.people_curve
        both = np.sum(shared * np.linalg.solve(self.reduced(), shared), axis=0)
        variance: Floats = 1.0 / self.people_curve + both
        return variance


def start(accounts: Design) -> State:
    """Return where to begin: the defaults, a scale that fits them, zeros as often as they are."""
    logged = accounts.logged
    expected = accounts.offset + accounts.columns[:, 1:] @ accounts.center
    scale = float(np.median(np.log(accounts.hours[logged]) - expected[logged]))
    least = 0.5 / logged.size
    share = float(np.clip(np.mean(~logged), least, 1.0 - least))
    onset = math.log(-math.log(share)) - float(np.quantile(expected + scale, share))
    return State(
        weights=np.concatenate([[scale], accounts.center, [STEEPNESS, onset]]),
        people=np.zeros(accounts.persons),
        spread=SPREAD_START,
        spread_falling=0.0,
        person_variance=PERSON_START,
    )


def fitted(accounts: Design, setting: Setting, begun: State) -> Fitted:
    """Return the fit under a setting, from any state on.

    Args:
        accounts: at least one of them logged.
        setting: what is taken as given.
        begun: of the same accounts; the nearer, the sooner.
    """
    state = begun
    seen = _seen(accounts, state, setting)
    for _ in range(ROUNDS):
        scores = _scores(accounts, seen, state, setting)
        before, state = state, _stepped(accounts, seen, state, setting=setting, scores=scores)
        seen = _seen(accounts, state, setting)
        state = _spreads(accounts, seen, state, scores=scores)
        seen = _seen(accounts, state, setting)
        if _change(before, state) < CLOSE:
            break
    scores = _scores(accounts, seen, state, setting)
    evidence = _evidence(accounts, seen, state, setting=setting, scores=scores)
    covariance = np.asarray(np.linalg.inv(scores.reduced()), dtype=np.float64)
    return Fitted(setting, state, covariance, evidence)


def log_mean(accounts: Design, fit: Fitted, logs: Floats) -> Floats:
    """Return the logarithm of the hours that accounts have if any are logged, whoever logs them.

    Args:
        accounts: any, not only those of the fit.
        fit: says the scale and what logging does.
        logs: log-multipliers of the free levels of ``accounts``.
    """
    common = replace(fit.state, weights=fit.state.weights[[0, -2, -1]], people=np.zeros(accounts.persons))
    return _seen(accounts.held(logs), common, fit.setting).log_mean


def capped_hours(accounts: Design, fit: Fitted) -> Floats:
    """Return the hours of the accounts of a fit, absurd ones cut to the farthest that is believed."""
    return _seen(accounts, fit.state, fit.setting).hours


def _change(before: State, after: State) -> float:
    return max(
        float(np.max(np.abs(after.weights - before.weights))),
        abs(after.spread - before.spread),
        abs(after.person_variance - before.person_variance),
    )


def _seen(accounts: Design, state: State, setting: Setting) -> _Seen:
    log_hours = accounts.offset + accounts.columns @ state.weights[:-2]
    person = state.people[accounts.person]
    steepness, onset = state.weights[-2:]
    spread = np.maximum(state.spread + state.spread_falling * np.exp(-log_hours), LEAST_SPREAD)
    zeros = unlogged(
        steepness * (log_hours + setting.person * person) + onset,
        seen=setting.sees * spread,
        link=setting.link,
        spread=spread,
    )
    if bool(accounts.logged.all()):
        zeros = zeros.all_logged(spread)
    mean = log_hours + person + zeros.log_lift
    farthest = 1.0 + FARTHEST_DEVIATIONS * np.sqrt(zeros.spread)
    return _Seen(log_hours, zeros, mean, np.minimum(accounts.hours, np.exp(mean) * farthest))


def _penalties(accounts: Design, setting: Setting) -> tuple[Floats, Floats]:
    """Return where the weights are held, and how fast (as precisions)."""
    center = np.concatenate([[0.0], accounts.center, [STEEPNESS, 0.0]])
    pull = np.full(accounts.center.size, setting.pull**-2)
    return center, np.concatenate([[SCALE_PRECISION], pull, [STEEPNESS_SPREAD**-2, ONSET_SPREAD**-2]])


def _scores(accounts: Design, seen: _Seen, state: State, setting: Setting) -> _Scores:
    zeros, logged = seen.zeros, accounts.logged
    steepness = state.weights[-2]
    log_t_by = np.column_stack([steepness * accounts.columns, seen.log_hours, np.ones(logged.size)])
    mean_by = zeros.lift_slope[:, None] * log_t_by
    mean_by[:, :-2] += accounts.columns
    weight = np.where(logged, 1.0 / zeros.spread, 0.0)
    off = weight * (seen.hours * np.exp(-seen.log_mean) - 1.0)
    chance = np.where(logged, zeros.score, zeros.slope)
    own_t = steepness * setting.person
    own = 1.0 + zeros.lift_slope * own_t
    center, precision = _penalties(accounts, setting)
    mixed = (weight * own)[:, None] * mean_by + (zeros.information * own_t)[:, None] * log_t_by

    def by_person(values: Floats) -> Floats:
        sums: Floats = np.bincount(accounts.person, values, accounts.persons).astype(np.float64)
        return sums

    return _Scores(
        weights=log_t_by.T @ chance + mean_by.T @ off - precision * (state.weights - center),
        people=by_person(off * own + chance * own_t) - state.people / state.person_variance,
        curve=log_t_by.T @ (zeros.information[:, None] * log_t_by)
        + mean_by.T @ (weight[:, None] * mean_by)
        + np.diag(precision),
        between=np.stack([by_person(column) for column in mixed.T]),
        people_curve=by_person(weight * own**2 + zeros.information * own_t**2) + 1.0 / state.person_variance,
    )


def _height(accounts: Design, seen: _Seen, state: State, *, setting: Setting, held: _Seen) -> float:
    """Return the penalized quasi-likelihood, spreads and capped hours as in ``held``."""
    logged = accounts.logged
    center, precision = _penalties(accounts, setting)
    hours = -(held.hours * np.exp(-seen.log_mean) + seen.log_mean) / held.zeros.spread
    chance = np.where(logged, seen.zeros.log_some + hours, seen.zeros.log_none)
    penalty = float(precision @ (state.weights - center) ** 2)
    return float(chance.sum()) - (penalty + float(np.sum(state.people**2)) / state.person_variance) / 2.0


def _stepped(accounts: Design, seen: _Seen, state: State, *, setting: Setting, scores: _Scores) -> State:
    """Return the state one step on, the step halved until it leads up."""
    weights, people = scores.step()
    level = _height(accounts, seen, state, setting=setting, held=seen)
    size = 1.0
    while True:
        tried = replace(state, weights=state.weights + size * weights, people=state.people + size * people)
        there = _seen(accounts, tried, setting)
        height = _height(accounts, there, tried, setting=setting, held=seen)
        if height >= level - 1e-9 or size < SMALLEST_STEP:
            return tried
        size /= 2.0


def _spreads(accounts: Design, seen: _Seen, state: State, *, scores: _Scores) -> State:
    """Return the state with its variances estimated anew."""
    logged = accounts.logged
    count = int(logged.sum())
    spread = np.maximum(state.spread + state.spread_falling * np.exp(-seen.log_hours), LEAST_SPREAD)
    square = (seen.hours * np.exp(-seen.log_mean) - 1.0) ** 2 * spread / seen.zeros.spread
    steady, falling = _two_parts(square[logged], np.exp(-seen.log_hours[logged]), spread[logged])
    used = min(scores.weights.size + accounts.persons / 2.0, count / 2.0)
    more, own = count / (count - used), count / (count + SPREAD_WORTH)
    people = float(np.sum(state.people**2 + scores.people_variance()))
    return replace(
        state,
        spread=own * more * steady + (1.0 - own) * SPREAD_START,
        spread_falling=own * more * falling,
        person_variance=(people + PERSON_WORTH * PERSON_START) / (accounts.persons + PERSON_WORTH),
    )


def _two_parts(square: Floats, inverse: Floats, spread: Floats) -> tuple[float, float]:
    """Return the parts of the spread that stay and that fall with the hours: least squares, none negative."""
    weight = 1.0 / spread**2
    ones = float(weight @ square / weight.sum())
    if square.size < ENOUGH_FOR_TWO:
        return ones, 0.0
    both = np.stack([np.ones(square.size), inverse])
    curve = (both * weight) @ both.T
    steady, falling = np.linalg.lstsq(curve, (both * weight) @ square, rcond=None)[0]
    if falling <= 0.0:
        return ones, 0.0
    if steady <= LEAST_SPREAD:
        return LEAST_SPREAD, float(max((weight * inverse) @ square / curve[1, 1], 0.0))
    return float(steady), float(falling)


def _evidence(accounts: Design, seen: _Seen, state: State, *, setting: Setting, scores: _Scores) -> float:
    logged = accounts.logged
    zeros, shape = seen.zeros, 1.0 / seen.zeros.spread[logged]
    mean, hours = np.exp(seen.log_mean[logged]), seen.hours[logged]
    dense = shape * np.log(shape * hours / mean) - np.log(hours) - shape * hours / mean - _log_gamma(shape)
    chance = float(np.where(logged, zeros.log_some, zeros.log_none).sum())
    center, precision = _penalties(accounts, setting)
    penalty = float(precision @ (state.weights - center) ** 2 - np.log(precision).sum())
    people = float(np.sum(state.people**2) / state.person_variance)
    volume = float(np.log(state.person_variance * scores.people_curve).sum())
    volume += float(np.linalg.slogdet(scores.reduced())[1])
    return chance + float(dense.sum()) - (penalty + people + volume) / 2.0


def _log_gamma(shape: Floats) -> Floats:
    """Return the logarithm of the gamma function (Stirling's series from 8 on, the recurrence below)."""
    below = np.zeros_like(shape)
    place = shape.copy()
    for _ in range(8):
        small = place < 8.0
        below += np.where(small, np.log(np.where(small, place, 1.0)), 0.0)
        place = place + small
    series = 1.0 / (12.0 * place) - 1.0 / (360.0 * place**3) + 1.0 / (1260.0 * place**5)
    found: Floats = (place - 0.5) * np.log(place) - place + 0.5 * math.log(2.0 * math.pi) + series - below
    return found
