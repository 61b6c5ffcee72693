"""Alarms of the usage detector for a whole matrix of counts at once.

The detector itself (``detection``) goes a week at a time, so that a weekly run carries it on; this is
the same, week after week, for anybody who has the history in an array.

Source: as ``detection``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from evenbook.engine.detection import step
from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_state import FleetState
from evenbook.engine.given_arrays import Flags, UnusableArrays, flags, floats

MOST_FALSE_ALARMS = 12.0


def detect_drops(
    counts: npt.ArrayLike, complete: npt.ArrayLike, *, false_alarms_per_year: float, seed: int
) -> Flags:
    """Return where an alarm is raised that an account's counts fell below what is usual for it.

    The common season is estimated from the accounts given and taken out; the thresholds come from a
    simulation of these accounts without any change. A week's alarms depend on it and the weeks before.
    An account is heard from its 13th week with counts on. Without accounts or weeks there is no alarm.

    Args:
        counts: float, accounts by weeks, 0 or more, weeks in order without gaps. NaN: this account's
            counts of this week were not delivered.
        complete: bool, per week, whether the feed was delivered. The counts of other weeks are
            ignored, and they raise no alarm.
        false_alarms_per_year: alarms accepted per account and year in which nothing happened; above
            0, at most 12.
        seed: of the simulation.

    Returns:
        bool, accounts by weeks, true in the week in which the alarm is raised.

    Raises:
        UnusableArrays: shapes do not fit, a count is negative or infinite, or the accepted rate lies
            outside its bounds.
    """
    seen, delivered = floats("counts", counts, ndim=2, at_least=0.0), flags("complete", complete)
    if seen.shape[1] != delivered.size:
        raise UnusableArrays(
            f"counts has {seen.shape[1]} weeks and complete has {delivered.size}.",
            fix="Give counts as accounts by weeks, and complete with one entry a week.",
        )
    if not 0.0 < false_alarms_per_year <= MOST_FALSE_ALARMS:
        raise UnusableArrays(
            f"{false_alarms_per_year:g} false alarms a year cannot be kept to.",
            fix=f"Give a rate above 0 and at most {MOST_FALSE_ALARMS:g}.",
        )
    return _watched(seen, delivered, DetectorParams(target=false_alarms_per_year, seed=seed))


def _watched(counts: npt.NDArray[np.float64], complete: Flags, params: DetectorParams) -> Flags:
    accounts, weeks = counts.shape
    ids, fell = np.arange(accounts), np.zeros((accounts, weeks), dtype=np.bool_)
    state = FleetState.before(0)
    for week in range(weeks if accounts else 0):
        seen = np.isfinite(counts[:, week]) & complete[week]
        state, read = step(state, counts[:, week], accounts=ids, seen=seen, week=week, params=params)
        fell[:, week] = read.fell
    return fell
