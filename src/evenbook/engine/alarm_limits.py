"""Which thresholds hold for a fleet, and for each account of it by its size."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_state import FleetNumbers
from evenbook.engine.null_thresholds import (
    DISPERSION_STEP,
    WANDER_STEP,
    NullFleet,
    Thresholds,
    nearest_size,
    null_thresholds,
)

Floats = npt.NDArray[np.float64]


def thresholds_in_force(fleet: FleetNumbers, params: DetectorParams) -> FleetNumbers:
    """Return the numbers with thresholds for the fleet's noise; kept while the noise stays near.

    The key moves only when the estimate has left its neighbourhood, so thresholds do not
    flicker between two grid points.
    """
    held = fleet.null
    null = NullFleet(
        dispersion_key=_key(fleet.dispersion.fleet, DISPERSION_STEP, held.dispersion_key if held else None),
        wander_key=_key(fleet.wander, WANDER_STEP, held.wander_key if held else None),
        params=params,
    )
    if null == held:
        return fleet
    return replace(fleet, null=null, thresholds=null_thresholds(null))


def _key(value: float, size: float, held: int | None) -> int:
    """Return the grid step of ``value``, or the held one while it is less than 0.8 steps off."""
    exact = float(np.log(value)) / size
    if held is not None and abs(exact - held) < 0.8:
        return held
    return round(exact)


@dataclass(frozen=True, slots=True)
class Limits:
    """Thresholds of each account by its size, infinite while there are none; and its center."""

    fall_short: Floats
    fall_long: Floats
    rise_short: Floats
    rise_long: Floats
    center_short: Floats
    center_long: Floats
    upper_square: Floats


def limits(expected: Floats, thresholds: Thresholds | None) -> Limits:
    """Return the thresholds of accounts of which so many users a week are expected.

    Args:
        expected: users a week; NaN counts as the smallest size.
        thresholds: of the fleet; None while no account is old enough to alarm.
    """
    if thresholds is None:
        none, zero = np.full(expected.size, np.inf), np.zeros(expected.size)
        return Limits(none, none, none, none, zero, zero, zero + 0.5)
    size = nearest_size(expected)
    return Limits(*(np.array(getattr(thresholds, field.name))[size] for field in fields(Limits)))
