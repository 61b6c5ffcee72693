"""The fewest persons by classes: against every subset there is, and never more than a real plan takes."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.engine.assignment import Staffing, fewest
from evenbook.engine.given_arrays import UnusableArrays


def staffing(work, may, room, kind_may=None, kind_room=()):
    classes = len(work)
    return Staffing(
        np.array(work, dtype=np.float64),
        np.array(may, dtype=np.bool_).reshape(classes, len(room)),
        np.array(room, dtype=np.float64),
        np.array([[]] * classes if kind_may is None else kind_may, dtype=np.bool_).reshape(
            classes, len(kind_room)
        ),
        np.array(kind_room, dtype=np.float64),
    )


def can(asked: Staffing, team: tuple[int, ...]) -> bool:
    """Say by Hall's condition whether a team has room for every set of classes, and may take each of them."""
    classes = range(len(asked.work))
    if any(not asked.may[each, list(team)].any() for each in classes):
        return False
    for many in range(1, len(asked.work) + 1):
        for some in combinations(classes, many):
            able = [who for who in team if asked.may[list(some), who].any()]
            if asked.work[list(some)].sum() > asked.room[able].sum() + 1e-9:
                return False
    return True


def by_hand(asked: Staffing) -> int | None:
    people = range(len(asked.room))
    sizes = (
        size for size in range(len(asked.room) + 1) for team in combinations(people, size) if can(asked, team)
    )
    return next(sizes, None)


@st.composite
def asked_for(draw):
    classes, people = draw(st.integers(1, 3)), draw(st.integers(0, 6))
    work = draw(st.lists(st.integers(0, 90), min_size=classes, max_size=classes))
    room = draw(st.lists(st.integers(0, 60), min_size=people, max_size=people))
    may = draw(st.lists(st.booleans(), min_size=classes * people, max_size=classes * people))
    return staffing(work, may, room)


@settings(max_examples=150, deadline=None)
@given(asked_for())
def test_the_fewest_are_as_few_as_the_smallest_of_all_teams(asked):
    found, smallest = fewest(asked), by_hand(asked)

    assert (None if found is None else found.bound) == smallest
    if found is not None:
        assert len(found.persons) == smallest and can(asked, tuple(found.persons.tolist()))


def test_a_class_without_work_still_needs_somebody():
    asked = staffing([100, 0], [[1, 1, 1], [0, 0, 1]], [60, 50, 40])

    assert fewest(asked).persons.tolist() == [0, 2]


def test_equal_persons_are_no_trouble():
    found = fewest(staffing([3990], np.ones((1, 100)), [100] * 100))

    assert found.bound == 40 and len(found.persons) == 40


def test_who_is_not_counted_comes_for_nothing():
    asked = staffing([100], [[1, 1, 1]], [60, 50, 40])

    assert fewest(asked, counted=np.array([True, False, False])).bound == 1
    assert fewest(asked, counted=np.array([False, True, True])).bound == 1


def test_hires_are_added_to_everybody_and_the_first_kind_that_does_is_taken():
    asked = staffing([100, 20], [[1, 1], [0, 0]], [30, 30], [[1, 1, 1], [0, 1, 1]], [40, 40, 40])
    found = fewest(asked, all_stay=True)

    assert (found.bound, found.persons.tolist(), found.kinds.tolist()) == (2, [0, 1], [1, 1, 0])
    assert fewest(asked, all_stay=True, at_least=4).kinds.sum() == 4


def test_where_no_team_can_there_is_no_answer_and_no_work_needs_nobody():
    assert fewest(staffing([10], [[0]], [90])) is None
    assert fewest(staffing([10], np.zeros((1, 0)), [])) is None
    assert fewest(staffing([], np.zeros((0, 2)), [3, 3])).bound == 0


@pytest.mark.parametrize("work", [[float("nan")], [-1.0], [float("inf")]])
def test_what_is_no_number_is_refused(work):
    with pytest.raises(UnusableArrays):
        fewest(staffing(work, [[1]], [10]))


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(UnusableArrays):
        fewest(Staffing(np.ones(2), np.ones((1, 1), bool), np.ones(1), np.ones((2, 0), bool), np.ones(0)))


def test_who_stays_is_in_the_team_and_counts():
    asked = staffing([100], [[1, 1, 1]], [20, 100, 100])
    found = fewest(asked, staying=np.array([True, False, False]))

    assert found.bound == 2 and found.persons.tolist() == [0, 1]
