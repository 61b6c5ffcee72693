"""When a warning of overload holds: worked examples, and what no later week may change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from evenbook.closures.rules.warning import (
    OVERDUE,
    OWN_BASE,
    SAID,
    SHARE,
    TIER_MIX,
    ClosingWeek,
    Limits,
    Standing,
    expected_share,
    first_warned,
    reasons,
    standing,
    standings,
)

FIRST = date(2026, 1, 4)
LIMITS = Limits(
    window_weeks=4, base_weeks=8, running_weeks=2, margin=0.07, share=0.25, overdue=20, least_loops=4
)


def weeks(*missing: int, due: int = 100, **more: int) -> list[ClosingWeek]:
    """Return a week for each number of loops that are missing, of a hundred."""
    return [
        ClosingWeek(FIRST + timedelta(weeks=place), due=due, missing=each, **more)
        for place, each in enumerate(missing)
    ]


def last(of: list[ClosingWeek]) -> Standing:
    found = standing(of, LIMITS)
    assert found is not None
    return found


CALM = (5, 4, 6, 5, 5, 30, 4, 5)
"""Eight weeks whose median is 5 of a hundred, whatever the sixth was."""


def test_one_week_above_the_own_base_warns_of_nothing_and_two_running_do():
    assert last(weeks(*CALM, 13)).bands == ()
    assert last(weeks(*CALM, 13, 14)).bands == (OWN_BASE,)
    assert last(weeks(*CALM, 13, 5, 14)).bands == ()


def test_the_margin_itself_is_not_above_it():
    assert last(weeks(*CALM, 12, 12)).bands == ()
    assert last(weeks(*CALM, 13, 13)).base == 0.05


def test_the_base_stands_still_while_the_share_stays_above_it():
    """Nine raised weeks would be their own base else, and the warning would end by itself."""
    assert last(weeks(*CALM, *[15] * 9)).bands == (OWN_BASE,)
    assert last(weeks(*CALM, *[15] * 9)).base == 0.05


def test_a_week_on_leave_neither_extends_nor_ends_a_run():
    raised = weeks(*CALM, 13, 90, 13)
    raised[9] = replace(raised[9], is_away=True)

    assert [each.above for each in standings(raised, LIMITS)][-3:] == [1, 1, 2]
    assert last(raised).bands == (OWN_BASE,)


def test_a_week_on_leave_is_not_in_the_base():
    away = [replace(each, is_away=True) for each in weeks(*[60] * 5)]

    assert last([*weeks(*CALM), *away, *weeks(5)]).base == 0.05


def test_a_warning_goes_on_through_a_leave():
    warned = weeks(*CALM, 13, 13, 0)
    warned[-1] = replace(warned[-1], is_away=True)

    assert last(warned).bands == (OWN_BASE,)


def test_until_eight_weeks_exist_the_mix_of_tiers_is_the_base():
    young = [replace(each, expected=0.10) for each in weeks(5, 18, 18)]

    assert last(young).bands == (TIER_MIX,)
    assert not last(young).is_own
    assert last(weeks(5, 18, 18)).bands == ()


def test_from_the_first_week_more_than_a_quarter_for_two_weeks_warns():
    assert last(weeks(26)).bands == ()
    assert last(weeks(26, 26)).bands == (SHARE,)
    assert last(weeks(25, 25)).bands == ()


def test_from_the_first_week_more_than_twenty_overdue_warn():
    assert last(weeks(0, overdue=21)).bands == (OVERDUE,)
    assert last(weeks(0, overdue=20)).bands == ()


def test_where_nothing_was_due_the_reason_says_so():
    silent = [*weeks(30, 30), replace(weeks(0)[0], due=0, missing=0)]

    assert reasons(last(silent), LIMITS) == (
        "Nothing was due in the last 4 weeks: before that the share was, for 2 weeks over 25%.",
    )


def test_in_a_small_book_one_loop_is_no_rise():
    small = [*weeks(*[0] * 8, due=8), *weeks(1, 2, due=8)]

    assert last(small).bands == ()
    assert last([*weeks(*[0] * 8, due=8), *weeks(5, 5, due=8)]).bands == (OWN_BASE, SHARE)


def test_a_week_in_which_nothing_was_due_says_nothing():
    quiet = ClosingWeek(FIRST)

    assert last([*weeks(*CALM, 13), quiet, *weeks(13)]).bands == (OWN_BASE,)


def test_reasons_speak_of_load_and_of_the_own_weeks():
    found = last(weeks(*CALM, 13, 30, 31, overdue=24))

    assert SAID == "Load past sustainable: redistribute or hire."
    assert reasons(found, LIMITS) == (
        "31 of the 100 loops due in the last 4 weeks are not closed: 31%, for 3 weeks above the 5% "
        "of the 8 weeks before.",
        "For 2 weeks it has been over 25%.",
        "24 loops are overdue, more than 20.",
    )
    assert reasons(last(weeks(*CALM)), LIMITS) == ()


def test_a_warning_begins_where_it_did_not_hold_before():
    assert first_warned(weeks(*CALM, 13, 13, 13, 5, 5, 17, 17), LIMITS) == (9, 14)


def test_the_mix_of_tiers_weighs_what_others_miss_by_the_own_loops():
    others = {1: (100, 10), 2: (50, 20), 4: (0, 0)}

    assert expected_share({1: 30, 2: 10}, others) == pytest.approx((30 * 0.1 + 10 * 0.4) / 40)
    assert expected_share({1: 30, 3: 50}, others) == pytest.approx(0.1)
    assert expected_share({3: 50, 4: 2}, others) is None


ANY_WEEK = some.builds(
    lambda due, share, overdue, away, expected: ClosingWeek(
        FIRST, due=due, missing=round(due * share), overdue=overdue, is_away=away, expected=expected
    ),
    some.integers(0, 80),
    some.floats(0, 1),
    some.integers(0, 30),
    some.booleans(),
    some.none() | some.floats(0, 1),
)


@given(some.lists(ANY_WEEK, min_size=1, max_size=30), some.lists(ANY_WEEK, max_size=10))
def test_later_weeks_change_no_earlier_answer(before: list[ClosingWeek], after: list[ClosingWeek]) -> None:
    assert list(standings([*before, *after], LIMITS))[: len(before)] == list(standings(before, LIMITS))


@given(some.lists(ANY_WEEK, min_size=1, max_size=30))
def test_it_says_why_exactly_where_it_warns(of: list[ClosingWeek]) -> None:
    for each in standings(of, LIMITS):
        assert len(reasons(each, LIMITS)) == len(each.bands)
