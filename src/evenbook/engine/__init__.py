"""Mathematics that knows no customers: each file cites its source and is checked against brute force.

Doors that take plain arrays, for anybody: ``detect_drops`` (which accounts fell below what is usual for
them, week by week), ``fit_effort`` (multipliers of effort from logged hours), ``fit_ceiling`` (from which
weekly volume on quality falls), ``time_to_event`` (how long something takes when part of it has not
happened yet). What they cannot use they refuse as ``UnusableArrays``.

Doors for the product: ``detection`` (the same detector, a week at a time). Made-up worlds of known truth,
to measure them on: ``fleet_simulator``, ``effort_simulator``, ``ceiling_simulator``, ``delay_simulator``.
"""

from evenbook.engine.ceiling import Ceiling, fit_ceiling
from evenbook.engine.drops import detect_drops
from evenbook.engine.effort import Fit, fit_effort
from evenbook.engine.given_arrays import UnusableArrays
from evenbook.engine.restricted_mean import RestrictedMean, time_to_event

__all__ = [
    "Ceiling",
    "Fit",
    "RestrictedMean",
    "UnusableArrays",
    "detect_drops",
    "fit_ceiling",
    "fit_effort",
    "time_to_event",
]
