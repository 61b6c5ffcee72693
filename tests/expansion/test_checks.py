"""What the doctor says of openings."""

from __future__ import annotations

from datetime import timedelta

from tests.expansion.test_opening import calm, hand, staff_to_expansion
from tests.pages.company import NOW

from evenbook.expansion.checks import answered_in_time, closed_by_somebody


def test_openings_that_wait_too_long_and_that_nobody_closes_are_named(team):
    assert answered_in_time(NOW) is None and closed_by_somebody(NOW) is None
    account = calm(team)
    hand(account, now=NOW - timedelta(days=9))

    late, alone = answered_in_time(NOW), closed_by_somebody(NOW)

    assert late and account.name in late.what and alone and account.name in alone.what


def test_one_that_has_a_closer_and_its_day_before_it_is_no_finding(team):
    staff_to_expansion(team)
    hand(calm(team), now=NOW)

    assert answered_in_time(NOW) is None and closed_by_somebody(NOW) is None
