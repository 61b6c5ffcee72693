"""Thresholds keep false alarms to their budget at every size, and are the same every time."""

from dataclasses import replace

import numpy as np

from evenbook.engine import null_thresholds as null
from evenbook.engine.detector_params import DetectorParams

FLEET = null.NullFleet(dispersion_key=-12, wander_key=-10, params=DetectorParams())


def rates(fleet, thresholds):
    short, long = null._null_scores(fleet)
    sizes = np.repeat(np.arange(null.SIZES.size), null.ACCOUNTS_A_SIZE)
    over = (short <= -np.array(thresholds.fall_short)[sizes]) | (
        long <= -np.array(thresholds.fall_long)[sizes]
    )
    return null._rates(over, sizes, fleet)


def test_every_size_spends_the_same_budget_on_accounts_not_used_to_set_it():
    other = replace(FLEET, params=replace(FLEET.params, seed=21))
    spent = rates(other, null.null_thresholds(FLEET))

    assert abs(spent.mean() - 0.25) < 0.03
    assert spent[2:].max() < 0.25 * 1.35
    assert spent[2:].min() > 0.25 * 0.65


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
    first = null.null_thresholds(FLEET)
    null.null_thresholds.cache_clear()

    assert null.null_thresholds(FLEET) == first


def test_alarms_are_counted_with_the_quiet_weeks_after_each():
    over = np.ones((20, null.SIZES.size * null.ACCOUNTS_A_SIZE), dtype=bool)
    sizes = np.repeat(np.arange(null.SIZES.size), null.ACCOUNTS_A_SIZE)

    assert np.allclose(null._rates(over, sizes, FLEET), 3 * 52 / 20)
