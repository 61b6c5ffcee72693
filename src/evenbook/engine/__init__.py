"""Mathematics that knows no customers: each file cites its source and is checked against brute force.

Doors that take plain arrays, for anybody: ``detect_drops`` (which accounts fell below what is usual for
them, week by week), ``fit_effort`` (multipliers of effort from logged hours), ``fit_ceiling`` (from which
weekly volume on quality falls), ``time_to_event`` (how long something takes when part of it has not
happened yet), ``effect_of`` (what went with an event, beside comparable units),
``lagged_correlation`` (how closely one figure follows another). What they cannot use they refuse as
``UnusableArrays``.

Doors for the product: ``detection`` (the same detector, a week at a time). Made-up worlds of known truth,
to measure them on: ``fleet_simulator``, ``effort_simulator``, ``ceiling_simulator``, ``delay_simulator``,
``effects_simulator``.
"""

from evenbook.engine.ceiling import Ceiling, fit_ceiling
from evenbook.engine.drops import detect_drops
from evenbook.engine.effects import Effect, effect_of
from evenbook.engine.effort import Fit, fit_effort
from evenbook.engine.given_arrays import UnusableArrays
from evenbook.engine.lags import Lag, lagged_correlation
from evenbook.engine.restricted_mean import RestrictedMean, time_to_event

__all__ = [
    "Ceiling",
    "Effect",
    "Fit",
    "Lag",
    "RestrictedMean",
    "UnusableArrays",
    "detect_drops",
    "effect_of",
    "fit_ceiling",
    "fit_effort",
    "lagged_correlation",
    "time_to_event",
]
