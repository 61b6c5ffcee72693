"""On which days something repeats, held against a library that is asked only what it answers in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.documents.repetition import NotFollowed, repeats, rule_of

EDGE = date(2029, 12, 31)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def parts(text: str) -> dict[str, list[str]]:
    return {name: value.split(",") for name, value in (part.split("=") for part in text.split(";"))}


def found(text: str, first: date) -> list[date]:
    return list(repeats(rule_of(parts(text)), first, EDGE))


def expected(text: str, first: date) -> list[date]:
    start = datetime(first.year, first.month, first.day)
    listed = rrulestr(text, dtstart=start).between(start, datetime(2029, 12, 31, 23), inc=True)
    return [each.date() for each in listed]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3;COUNT=9", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=MO,FR;INTERVAL=2",
        "FREQ=WEEKLY;BYDAY=SU,TU;INTERVAL=2;WKST=SU", "FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=2TU", "FREQ=MONTHLY;BYDAY=-1FR", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "FREQ=YEARLY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "FREQ=YEARLY;BYDAY=20MO", "FREQ=YEARLY;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH",
        "FREQ=YEARLY;BYMONTH=1,7", "FREQ=DAILY;BYMONTH=8;BYDAY=SA", "FREQ=YEARLY;INTERVAL=2",
    ],
)  # fmt: skip
def test_days_are_those_of_the_library_from_a_day_that_meets_the_rule(text: str):
    begins = expected(text, date(2026, 1, 30))[0]
    assert found(text, begins) == expected(text, begins)


@settings(max_examples=200, deadline=None)
@given(
    frequency=st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")),
    interval=st.integers(1, 4),
    days=st.lists(st.sampled_from(DAYS), max_size=3, unique=True),
    month_days=st.lists(st.sampled_from((1, 13, 28, 31, -1, -5)), max_size=2, unique=True),
    months=st.lists(st.integers(1, 12), max_size=6, unique=True),
    begins=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
)
def test_any_rule_gives_the_days_of_the_library(frequency, interval, days, month_days, months, begins):
    text = f"FREQ={frequency};INTERVAL={interval}"
    for name, values in (
        ("BYDAY", days),
        ("BYMONTHDAY", month_days if frequency != "WEEKLY" else []),
        ("BYMONTH", months),
    ):
        text += f";{name}={','.join(map(str, values))}" if values else ""
    reached = [day for day in found(text, begins) if day != begins]
    start = datetime(begins.year, begins.month, begins.day)
    near = rrulestr(text + ";UNTIL=20291231T000000", dtstart=start)
    if not reached:
        return  # the library would look for a day until the end of time
    assert reached == [each.date() for each in near if each.date() != begins]


@pytest.mark.parametrize(
    "text",
    ["FREQ=HOURLY", "FREQ=DAILY;BYHOUR=1", "FREQ=DAILY;INTERVAL=0", "FREQ=WEEKLY;BYDAY=XX", "BYDAY=MO"],
)
def test_other_rules_are_not_followed(text: str):
    with pytest.raises(NotFollowed):
        rule_of(parts(text))


def test_a_rule_that_no_day_meets_ends():
    assert found("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", date(2026, 2, 1)) == [date(2026, 2, 1)]
    assert found("FREQ=DAILY;COUNT=2", date(2026, 2, 1)) == [
        date(2026, 2, 1),
        date(2026, 2, 1) + timedelta(days=1),
    ]
