"""What became of a watch list, held against a plain reading of the words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine.given_arrays import UnusableArrays
from evenbook.engine.watch_list import NEVER, leads, watch

HORIZON = 10


def judged(rows: list[tuple[int, int]], events: list[tuple[int, int]], last_day: int = 100):
    """Return what became of rows and events, each as (item, day)."""
    return watch(pair(rows), pair(events), horizon=HORIZON, last_day=last_day)


def pair(rows: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return (np.array([row[0] for row in rows], int), np.array([row[1] for row in rows], int))


def test_a_row_is_right_if_an_event_follows_within_the_horizon():
    events = [(1, 10), (2, 11), (3, 0)]
    found = judged([(1, 0), (2, 0), (3, 0)], events)

    assert found.right.tolist() == [True, False, False]
    assert found.precision == pytest.approx(1 / 3)


def test_a_row_whose_horizon_has_not_passed_does_not_count_yet():
    found = judged([(1, 0), (2, 95)], [(2, 99)], last_day=100)

    assert found.settled.tolist() == [True, False]
    assert found.precision == 0.0


def test_an_event_is_seen_once_and_its_lead_runs_from_the_first_day_within_the_horizon():
    events = [(1, 20), (2, 20)]
    found = judged([(1, 3), (1, 12), (1, 14), (1, 20), (2, 20)], events)

    assert found.seen.tolist() == [True, False]
    assert found.first_day.tolist() == [12, NEVER]
    assert leads(found, pair(events)).tolist() == [8.0]


def test_recall_asks_each_day_anew():
    found = judged([(1, 12), (2, 12), (1, 14), (3, 14)], [(1, 20), (3, 20)])

    assert found.due.tolist() == [2, 2]
    assert found.met.tolist() == [2, 1]
    assert found.recall == 0.75


def test_chance_has_the_recall_of_its_length():
    chance = np.random.default_rng(4)
    rows = [(int(item), day) for day in range(0, 200, 2) for item in chance.permutation(100)[:12]]
    events = [(int(chance.integers(100)), int(chance.integers(20, 200))) for _ in range(300)]

    assert judged(rows, events).recall == pytest.approx(0.12, abs=0.01)


def test_nothing_listed_and_nothing_lost():
    found = judged([], [])
    assert found.precision is None and found.recall is None
    assert judged([], [(1, 5)]).recall is None
    assert judged([(2, 1)], [(1, 5)]).recall == 0.0


rows = st.lists(st.tuples(st.integers(-3, 6), st.integers(-20, 60)), max_size=60, unique=True)


@settings(max_examples=200, deadline=None)
@given(rows, rows)
def test_it_says_what_a_plain_reading_says(listed, events):
    found = judged(listed, events, last_day=50)
    days = {at for _, at in listed}
    before = [
        [at for at in days if when - HORIZON <= at < when and (item, at) in listed] for item, when in events
    ]

    assert found.right.tolist() == [
        any(who == item and at < when <= at + HORIZON for who, when in events) for item, at in listed
    ]
    assert found.settled.tolist() == [at + HORIZON <= 50 for _, at in listed]
    assert found.first_day.tolist() == [min(each, default=NEVER) for each in before]
    assert found.met.tolist() == [len(each) for each in before]
    assert found.due.tolist() == [sum(when - HORIZON <= at < when for at in days) for _, when in events]


def test_what_does_not_fit_together_is_refused():
    none = (np.zeros(0, int), np.zeros(0, int))
    with pytest.raises(UnusableArrays, match="whole numbers"):
        watch((np.array([0.5]), np.array([1])), none, horizon=5, last_day=9)
    with pytest.raises(UnusableArrays, match="listed"):
        watch((np.array([1, 2]), np.array([1])), none, horizon=5, last_day=9)
    with pytest.raises(UnusableArrays, match="horizon of 0 days"):
        watch(none, none, horizon=0, last_day=9)
