"""Mean time to an event while some are still to come, beside a slow curve written out in full."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.engine import UnusableArrays, time_to_event
from evenbook.engine.delay_simulator import make_delays

ROWS = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=2, max_size=30)


def slow_area(rows: list[tuple[int, bool]], horizon: int) -> float:
    """Return the area under the Kaplan-Meier curve, day by day; all days are whole."""
    left, area = 1.0, 0.0
    for day in range(horizon):
        watched = sum(days >= day for days, _ in rows)
        ended = sum(days == day and happened for days, happened in rows)
        left *= 1 - ended / watched if watched else 1
        area += left
    return area


@given(ROWS, st.integers(1, 35))
def test_the_mean_is_the_area_under_the_curve_up_to_the_horizon(rows, horizon):
    days, happened = zip(*rows, strict=True)

    assert math.isclose(time_to_event(days, happened, horizon).mean, slow_area(rows, horizon), abs_tol=1e-9)


@given(ROWS, st.integers(1, 35))
def test_the_interval_holds_the_mean_and_stays_within_the_horizon(rows, horizon):
    days, happened = zip(*rows, strict=True)
    mean, (low, high) = time_to_event(days, happened, horizon)

    assert 0 <= low <= mean + 1e-9 and mean - 1e-9 <= high <= horizon


def test_with_everything_answered_it_is_the_plain_mean():
    assert math.isclose(time_to_event([2.0, 4.0, 9.0], [True] * 3, 30).mean, 5.0)


def test_what_is_open_counts_for_as_long_as_it_was_watched():
    # Half are answered on day 10; the other half are open on day 20, where watching ends.
    assert math.isclose(time_to_event([10, 20], [True, False], 30).mean, 10 + 0.5 * 20)


def test_the_published_remission_times_give_the_published_curve():
    # Freireich and others (1963), 6-MP: S(6) = 0.857, S(7) = 0.807, S(10) = 0.753, S(13) = 0.690, S(16) = 0.627.
    days = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    happened = [True] * 3 + [False, True, False, True, False, False, True, True] + [False] * 3
    happened += [True, True] + [False] * 5
    by_hand = 6 + 0.857 * 1 + 0.807 * 3 + 0.753 * 3 + 0.690 * 3 + 0.627 * 4

    assert math.isclose(time_to_event(days, happened, 20).mean, by_hand, abs_tol=0.01)


def test_an_interval_of_80_percent_holds_the_truth_about_that_often():
    made = [make_delays(60, seed=seed) for seed in range(120)]
    found = [time_to_event(each.days, each.observed, each.horizon) for each in made]
    inside = [low <= each.truth <= high for each, (_, (low, high)) in zip(made, found, strict=True)]

    assert 0.7 <= float(np.mean(inside)) <= 0.9


def test_where_nothing_happened_the_mean_is_the_horizon_and_the_interval_rests_on_the_days_watched():
    short, long = time_to_event([3.0] * 4, [False] * 4, 30), time_to_event([30.0] * 40, [False] * 40, 30)

    assert short.mean == long.mean == 30
    assert short.interval_80[0] < 6 and long.interval_80[0] > 29


def test_without_rows_there_is_no_mean_and_a_single_row_has_no_spread():
    assert math.isnan(time_to_event([], [], 30).mean)
    assert time_to_event([3.0], [True], 30) == (3.0, (0.0, 30.0))


@pytest.mark.parametrize(
    ("days", "observed", "horizon", "said"),
    [
        ([-1.0], [True], 30, "least"),
        ([math.nan], [False], 30, "gaps"),
        ([1.0, 2.0], [True], 30, "differ in length"),
        ([1.0], ["yes"], 30, "yes and no"),
        ([1.0], [True], 0, "horizon"),
        ([[1.0]], [True], 30, "2 axes"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(days, observed, horizon, said):
    with pytest.raises(UnusableArrays, match=said):
        time_to_event(days, observed, horizon)
