"""A first answer is due within working days, and the clock stands still on weekends and holidays."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from evenbook.expansion.numbers import ExpansionNumbers
from evenbook.expansion.rules.answering import Calendar, days_taken, due_on

WEEKDAYS = Calendar(("mon", "tue", "wed", "thu", "fri"), frozenset({date(2026, 3, 10)}))
NUMBERS = ExpansionNumbers(answer_days=2)


def test_what_is_opened_on_a_friday_is_due_on_the_second_working_day_after_the_holiday():
    assert due_on(date(2026, 3, 6), NUMBERS, WEEKDAYS) == date(2026, 3, 11)


def test_an_answer_on_the_same_day_took_no_day_and_one_over_the_weekend_took_one():
    assert days_taken(date(2026, 3, 6), date(2026, 3, 6), WEEKDAYS) == 0
    assert days_taken(date(2026, 3, 6), date(2026, 3, 9), WEEKDAYS) == 1


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 30))
def test_on_the_day_that_is_due_exactly_the_days_of_policy_have_passed(day, days):
    due = due_on(day, ExpansionNumbers(answer_days=days), WEEKDAYS)

    assert days_taken(day, due, WEEKDAYS) == days
