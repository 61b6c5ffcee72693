"""What a handoff asks for: its days, the working days of a leave, and how long it took."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from evenbook.book.rules.working_days import working_days
from evenbook.briefings.rules.standing import CALLED_OFF, CONFIRMED, ELSEWHERE, READY, WAITS, stands
from evenbook.briefings.rules.window import (
    BRIEFS,
    NOTE,
    asked_for,
    days_taken,
    fault_of,
    middle,
    overlap,
)

WORKS = ("mon", "tue", "wed", "thu", "fri")
TODAY = date(2026, 3, 9)
NEXT = date(2026, 4, 1)


def test_working_days_leave_out_weekends_and_holidays_and_the_day_back():
    good_friday, easter_monday = date(2026, 4, 3), date(2026, 4, 6)
    assert working_days(NEXT, date(2026, 4, 8), works=WORKS, holidays=()) == 5
    assert working_days(NEXT, date(2026, 4, 8), works=WORKS, holidays={good_friday, easter_monday}) == 3
    assert working_days(NEXT, NEXT, works=WORKS, holidays=()) == 0


@pytest.mark.parametrize(
    ("reason", "days", "asks"),
    [
        ("leave", 14, NOTE),
        ("leave", 15, BRIEFS),
        ("leave", 0, NOTE),
        ("departure", None, BRIEFS),
        ("role_change", None, BRIEFS),
    ],
)
def test_fewer_than_fifteen_working_days_ask_for_a_cover_note_alone(
    reason: str, days: int | None, asks: str
) -> None:
    assert asked_for(reason, days, long_days=15) == asks


@pytest.mark.parametrize(
    ("reason", "first_on", "back_on", "said"),
    [
        ("holiday", NEXT, None, "'holiday' is no reason"),
        ("departure", TODAY - timedelta(days=1), None, "is past"),
        ("departure", date(2029, 1, 1), None, "more than two years ahead"),
        ("leave", NEXT, None, "needs the day back"),
        ("leave", NEXT, NEXT, "is not after the first day"),
        ("leave", NEXT, TODAY, "is not after the first day"),
        ("leave", NEXT, date(2029, 1, 1), "more than two years after"),
        ("departure", NEXT, date(2026, 5, 1), "A departure has no day back"),
        ("role_change", NEXT, date(2026, 5, 1), "A change of role has no day back"),
    ],
)
def test_wrong_days_are_refused_in_a_sentence(
    reason: str, first_on: date, back_on: date | None, said: str
) -> None:
    what, fix = fault_of(reason, first_on, back_on, today=TODAY)
    assert said in what and fix


def test_today_is_early_enough():
    assert fault_of("departure", TODAY, None, today=TODAY) == ("", "")
    assert fault_of("leave", TODAY, TODAY + timedelta(days=1), today=TODAY) == ("", "")


def test_absences_overlap_where_they_have_a_day_in_common():
    first, second = date(2026, 4, 1), date(2026, 4, 10)
    assert not overlap(first, second, second, None)
    assert overlap(first, date(2026, 4, 11), second, None)
    assert overlap(second, None, first, None) and overlap(first, None, second, date(2026, 4, 11))


def test_days_count_from_the_announcement_to_the_last_confirmation():
    assert days_taken(TODAY, date(2026, 3, 20)) == 11
    assert days_taken(TODAY, TODAY) == 0 and days_taken(TODAY, None) is None
    assert middle([3, 11, 4]) == 4 and middle([]) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"is_confirmed": True, "is_called_off": True}, CONFIRMED),
        ({"is_called_off": True, "is_written": True}, CALLED_OFF),
        ({"is_elsewhere": True, "is_written": True}, ELSEWHERE),
        ({"is_written": True}, READY),
        ({}, WAITS),
    ],
)
def test_where_an_account_stands(given: dict[str, bool], expected: str) -> None:
    nothing = dict.fromkeys(("is_confirmed", "is_called_off", "is_elsewhere", "is_written"), False)
    assert stands(**{**nothing, **given}) == expected
