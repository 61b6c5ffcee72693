"""Alarms for a matrix of counts: the detector of the weekly run, week after week."""

import numpy as np
import pytest

from evenbook.engine import UnusableArrays, detect_drops
from evenbook.engine.detection import step
from evenbook.engine.detector_params import DetectorParams
from evenbook.engine.fleet_simulator import FleetKind, make_fleet
from evenbook.engine.fleet_state import FleetState

MADE = make_fleet(FleetKind(60, (("fall 80%", 0.3),), weeks=70, shape=30.0, median=60.0), seed=3)
COUNTS, DELIVERED = MADE.counts.T, np.ones(70, dtype=bool)


def test_alarms_are_those_of_the_weekly_step():
    params = DetectorParams(target=0.25, seed=5)
    state, slow = FleetState.before(0), []
    for week in range(70):
        state, read = step(
            state, MADE.counts[week], accounts=np.arange(60), seen=np.ones(60, bool), week=week, params=params
        )
        slow.append(read.fell)

    assert np.array_equal(
        detect_drops(COUNTS, DELIVERED, false_alarms_per_year=0.25, seed=5), np.array(slow).T
    )


def test_falls_are_found_in_the_weeks_after_they_begin():
    fell = detect_drops(COUNTS, DELIVERED, false_alarms_per_year=0.25, seed=5)
    found = [fell[each, week : week + 8].any() for each, week in enumerate(MADE.change_week) if week < 62]

    assert len(found) > 5 and np.mean(found) > 0.8


def test_a_week_that_was_not_delivered_raises_no_alarm_whatever_stands_in_it():
    delivered = DELIVERED.copy()
    delivered[50:53] = False
    gone = COUNTS.copy()
    gone[:, 50:53] = 0.0

    told = detect_drops(gone, delivered, false_alarms_per_year=0.25, seed=5)

    assert not told[:, 50:53].any()
    unknown = np.where(delivered, gone, np.nan)
    assert np.array_equal(told, detect_drops(unknown, DELIVERED, false_alarms_per_year=0.25, seed=5))


def test_a_week_is_decided_by_the_weeks_up_to_it():
    whole = detect_drops(COUNTS, DELIVERED, false_alarms_per_year=0.25, seed=5)
    cut = detect_drops(COUNTS[:, :55], DELIVERED[:55], false_alarms_per_year=0.25, seed=5)

    assert np.array_equal(whole[:, :55], cut)


def test_no_accounts_or_no_weeks_raise_no_alarm():
    assert detect_drops(np.zeros((0, 5)), np.ones(5, bool), false_alarms_per_year=1, seed=1).shape == (0, 5)
    assert detect_drops(np.zeros((5, 0)), [], false_alarms_per_year=1, seed=1).shape == (5, 0)


@pytest.mark.parametrize(
    ("counts", "complete", "rate"),
    [
        (-COUNTS, DELIVERED, 0.25),
        (COUNTS, DELIVERED[:5], 0.25),
        (COUNTS[0], DELIVERED, 0.25),
        (COUNTS, DELIVERED, 0.0),
        (COUNTS, DELIVERED, 13.0),
        (COUNTS, DELIVERED * 2, 0.25),
        (COUNTS + np.inf, DELIVERED, 0.25),
    ],
)
def test_what_cannot_be_used_is_refused(counts, complete, rate):
    with pytest.raises(UnusableArrays):
        detect_drops(counts, complete, false_alarms_per_year=rate, seed=1)
