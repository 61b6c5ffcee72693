"""How near the hours of people lie to weights that were learned without them.

People are dealt into five parts; each part is compared with a fit to the others. What a person
logs in all is theirs and told beforehand, so completeness is no part of the error: compared is how
their hours are shared among their accounts. Accounts without an hour say nothing here, nor do people
with one account. With one person alone the accounts are dealt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evenbook.engine.effort_design import Design
from evenbook.engine.effort_model import Fitted, Setting, capped_hours, fitted, log_mean, start
from evenbook.engine.effort_signs import nearest_signed
from evenbook.engine.given_arrays import Flags, Floats

PARTS = 5
DOUBT = 1.0
"""Standard errors by which a fit must be better to count as better."""


@dataclass(frozen=True, slots=True)
class Heldout:
    """Errors on people who were held out, one entry an account compared, as shares of the mean hours.

    Attributes:
        fit, default: distance of the hours from the fit, and from the defaults.
        without: per factor with a free level, the distance with that factor put back to its defaults.
    """

    fit: Floats
    default: Floats
    without: dict[int, Floats]

    @property
    def error(self) -> float:
        """Return the mean error of the fit."""
        return float(self.fit.mean()) if self.fit.size else float("nan")

    @property
    def default_error(self) -> float:
        """Return the mean error of the defaults."""
        return float(self.default.mean()) if self.default.size else float("nan")

    @property
    def is_better(self) -> bool:
        """Return whether the fit is nearer than the defaults by more than chance does."""
        gain = self.default - self.fit
        return gain.size > 1 and float(gain.mean()) > DOUBT * float(gain.std(ddof=1)) / gain.size**0.5

    def factor_helps(self, factors: int) -> Flags:
        """Return per factor whether the fit would be worse without it."""
        helps = np.zeros(factors, dtype=np.bool_)
        for factor, without in self.without.items():
            helps[factor] = without.size > 0 and without.mean() > self.fit.mean()
        return helps


def heldout(known: Design, best: Fitted, *, seed: int) -> Heldout:
    """Return the errors on people whom the fit had not seen.

    Args:
        known: accounts with hours.
        best: the fit to all of them, whose setting is used.
        seed: of the dealing.
    """
    factors = sorted({factor for factor, _ in known.free})
    sober = replace(known, hours=capped_hours(known, best))
    parts = [_part(sober, chosen, setting=best.setting, factors=factors) for chosen in _dealt(sober, seed)]
    kept = [part for part in parts if part is not None]
    mean = float(sober.hours[sober.logged].mean())
    size = np.concatenate(kept, axis=1) / mean if kept else np.zeros((2 + len(factors), 0))
    return Heldout(size[0], size[1], dict(zip(factors, size[2:], strict=True)))


def _dealt(known: Design, seed: int) -> list[Flags]:
    """Return for every part which accounts are in it."""
    rng = np.random.default_rng(seed)
    of = known.person if known.persons > 1 else np.arange(known.hours.size)
    units = int(of.max()) + 1
    parts = min(PARTS, units)
    dealt = rng.permutation(units) % parts
    return [dealt[of] == part for part in range(parts)]


def _part(known: Design, chosen: Flags, *, setting: Setting, factors: list[int]) -> Floats | None:
    """Return errors in hours by accounts: of the fit, of the defaults, without each factor."""
    if not bool((known.logged & ~chosen).any()) or not bool((known.logged & chosen).any()):
        return None
    rest, part = known.part(~chosen), known.part(chosen & known.logged)
    part = part.part(np.bincount(part.person)[part.person] > 1)
    if not part.hours.size:
        return None
    fit = fitted(rest, setting, start(rest))
    plain = rest.held(rest.center)
    default = fitted(plain, setting, start(plain))
    logs = nearest_signed(fit.logs, fit.covariance[1:-2, 1:-2], np.sign(known.center))
    errors = [_errors(part, fit, logs), _errors(part, default, known.center)]
    for factor in factors:
        back = np.array([of == factor for of, _ in known.free])
        errors.append(_errors(part, fit, np.where(back, known.center, logs)))
    return np.stack(errors)


def _errors(part: Design, fit: Fitted, logs: Floats) -> Floats:
    """Return how far each account's hours lie from its share of what its person logged."""
    expected = np.exp(log_mean(part, fit, logs))

    def total(hours: Floats) -> Floats:
        sums: Floats = np.bincount(part.person, hours, part.persons).astype(np.float64)
        return sums[part.person]

    off: Floats = np.abs(part.hours - expected * total(part.hours) / total(expected))
    return off
