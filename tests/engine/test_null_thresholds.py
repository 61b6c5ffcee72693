"""Thresholds keep false alarms to their budget at every size, and are the same every time."""

from dataclasses import replace

import numpy as np
import pytest

from evenbook.engine import null_thresholds as null
from evenbook.engine.detector_params import DetectorParams

FLEET = null.NullFleet(dispersion_key=-12, wander_key=-10, params=DetectorParams())


def spent(fleet, thresholds):
    """Return false alarms per account-year of each size, on accounts made with the fleet's seed."""
    made = null.null_scores(fleet)
    falls = null.NullScores(-made.short, -made.long, made.size)
    low, lower = np.array(thresholds.fall_short)[made.size], np.array(thresholds.fall_long)[made.size]
    return null.alarm_rates((falls.short >= low) | (falls.long >= lower), falls, params=fleet.params)


def test_every_size_spends_the_same_budget_on_accounts_not_used_to_set_it():
    other = replace(FLEET, params=replace(FLEET.params, seed=21))
    rates = spent(other, null.null_thresholds(FLEET))

    assert abs(rates.mean() - 0.25) < 0.03
    assert rates[3:].max() < 0.25 * 1.4
    assert rates[3:].min() > 0.25 * 0.6


def test_fewer_false_alarms_ask_for_more_evidence():
    strict = replace(FLEET, params=replace(FLEET.params, target=0.10))

    assert (
        min(
            np.array(null.null_thresholds(strict).fall_short[2:])
            - np.array(null.null_thresholds(FLEET).fall_short[2:])
        )
        > 0
    )


def test_the_same_fleet_has_the_same_thresholds():
    first = null.simulated(FLEET)
    null.simulated.cache_clear()

    assert null.simulated(FLEET) == first


@pytest.mark.parametrize("key", [(-31, -10), (-12, -10), (-9, -6), (2, -3)])
def test_what_was_made_beforehand_is_what_the_simulation_gives(key):
    """Else the simulation or the usual setting has changed: tools/thresholds.py makes it anew."""
    fleet = null.NullFleet(*key, DetectorParams())

    assert null.null_thresholds(fleet) == null.made_beforehand()[key] == null.simulated(fleet)


def test_a_fleet_that_nobody_made_beforehand_is_simulated():
    louder = null.NullFleet(3, -10, DetectorParams())
    stricter = replace(FLEET, params=replace(FLEET.params, target=0.10))

    assert (3, -10) not in null.made_beforehand()
    assert null.null_thresholds(louder) == null.simulated(louder)
    assert null.null_thresholds(stricter) == null.simulated(stricter) != null.null_thresholds(FLEET)


def test_alarms_are_counted_with_the_quiet_weeks_after_each():
    shape = (20, null.STEPS)
    scores = null.NullScores(9 * np.ones(shape), 9 * np.ones(shape), np.tile(np.arange(null.STEPS), (20, 1)))
    rates = null.alarm_rates(np.ones(shape, bool), scores, params=DetectorParams())

    assert np.allclose(rates, 3 * 52 / 20)


def test_an_account_takes_the_thresholds_of_the_nearest_size():
    sizes = null.SIZES
    expected = np.array([0.0, np.nan, sizes[4] * 1.1, sizes[7] / 1.1, 1e6])

    assert null.nearest_size(expected).tolist() == [0, 0, 4, 7, null.STEPS - 1]


def test_an_account_that_is_back_for_a_whole_window_may_alarm_again_before_the_quiet_ends():
    params = DetectorParams()
    once, never = np.array([True]), np.array([False])
    since = null.weeks_since(np.array([null.NEVER]), once, never, params=params)
    for _ in range(2):
        since = null.weeks_since(since, never, once, params=params)
    assert since.tolist() == [3]
    since = null.weeks_since(since, never, once, params=params)
    assert since.tolist() == [4]
    assert null.weeks_since(since, never, never, params=params).tolist() == [5]
    assert null.weeks_since(since, never, once, params=params).tolist() == [null.NEVER]
