from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenbook.sources.values import Moment, Problem, Window, date_shape, parse_date, parse_moment


def problem(value: object) -> Problem:
    assert isinstance(value, Problem)
    return value


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-05",
        "2024/3/5",
        "2024.03.05",
        "20240305",
        "5 Mar 2024",
        "05-Mar-24",
        "March 5, 2024",
        "Mar 5th 2024",
        "Tue, 05 Mar 2024 10:00:00 GMT",
        "2024-03-05T23:59:59.999999Z",
        "2024-Mar-05",
        " 2024-03-05 ",
        "45356",
        45356,
        date(2024, 3, 5),
        datetime(2024, 3, 5),
        1709596800,
        "1709596800",
        1709596800000,
        Decimal(45356),
    ],
)
def test_dates_that_need_no_order_mean_the_same_under_any(text: object):
    assert {parse_date(text, order) for order in ("ymd", "dmy", "mdy")} == {date(2024, 3, 5)}


def test_the_column_says_whether_day_or_month_comes_first():
    assert parse_date("03/04/2024", "dmy") == date(2024, 4, 3)
    assert parse_date("03/04/2024", "mdy") == date(2024, 3, 4)
    assert parse_date("3-4-24", "dmy") == date(2024, 4, 3)
    assert parse_date("31.12.99", "dmy") == date(1999, 12, 31)


def test_a_date_is_not_guessed_when_nobody_said_the_order():
    assert problem(parse_date("03/04/2024", "ymd")).kind == "order"
    assert problem(parse_date("27-07-2023", "ymd")).kind == "order"


def test_a_date_that_breaks_the_order_of_its_column_is_a_problem():
    assert problem(parse_date("27-07-2023", "mdy")) == Problem(
        '"27-07-2023" is no date when the month comes first', "order"
    )
    assert problem(parse_date("07/27/2023", "dmy")).kind == "order"


@pytest.mark.parametrize("text", ["1899-12-30", "1899-12-31", "1900-01-01", "0001-01-01"])
def test_an_empty_date_of_a_spreadsheet_is_not_plausible(text: str):
    assert "as spreadsheets write an empty date" in problem(parse_date(text, "ymd")).reason


def test_dates_of_2099_are_read_and_a_window_refuses_them():
    assert parse_date("2099-12-31", "ymd") == date(2099, 12, 31)
    found = problem(parse_date("2099-12-31", "ymd", window=Window(last=date(2040, 1, 1))))
    assert found == Problem('"2099-12-31" is not plausible: it lies after 2040-01-01', "not_plausible")


def test_the_far_end_of_a_history_row_means_no_end():
    assert problem(parse_moment("9999-12-31 23:59:59", "ymd")).kind == "open_end"


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-13-01", "soon", "1997", "12:30", "A-2e4581", "1/2", "5 Smarch 2024"]
)
def test_what_is_no_date_says_so(text: str):
    assert text in problem(parse_date(text, "dmy")).reason


@pytest.mark.parametrize("text", ["", "  ", "N/A", "-", "null", "#N/A", None, "n.a."])
def test_blank_cells_are_no_problem(text: object):
    assert parse_date(text, "ymd") is None
    assert parse_moment(text, "ymd") is None


def test_yes_is_not_a_date():
    assert isinstance(parse_date(True, "ymd"), Problem)


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("27-07-2023 03:00", 3),
        ("27-07-2023 3:00", 3),
        ("27/07/2023 3:00 PM", 15),
        ("27.07.2023, 12:00 am", 0),
        ("2023-07-27T03:00:00Z", 3),
        ("2023-07-27 03:00:00 -0800", 11),
        ("2023-07-27T03:00:00+05:30", 21),
        ("2023-05-03 08:51:08.199000 UTC", 8),
    ],
)
def test_times_come_in_utc(text: str, hour: int):
    found = parse_moment(text, "dmy")
    assert isinstance(found, Moment)
    assert (found.at.hour, found.at.tzinfo, found.is_date_only) == (hour, UTC, False)


def test_a_time_without_an_offset_was_read_off_a_clock_in_the_zone():
    summer = parse_moment("2023-07-27 09:00", "ymd", zone="Europe/Berlin")
    winter = parse_moment("2023-01-27 09:00", "ymd", zone="Europe/Berlin")
    assert summer == Moment(datetime(2023, 7, 27, 7, tzinfo=UTC))
    assert winter == Moment(datetime(2023, 1, 27, 8, tzinfo=UTC))


def test_a_bare_date_is_its_midnight_in_utc_whatever_the_zone():
    found = parse_moment("2023-07-27", "ymd", zone="America/New_York")
    assert found == Moment(datetime(2023, 7, 27, tzinfo=UTC), is_date_only=True)


@pytest.mark.parametrize(
    "text", ["2023-07-27 25:00", "27/07/2023 13:00 PM", "2023-07-27 10:61", "2023-07-27 10:00 EST"]
)
def test_a_time_that_no_clock_shows_is_a_problem(text: str):
    assert isinstance(parse_moment(text, "dmy"), Problem)


def test_the_shape_of_a_date_is_told_without_deciding_its_order():
    shape = date_shape("27-07-2023 03:00")
    assert shape is not None
    assert (shape.form, shape.first, shape.second, shape.separator, shape.has_time) == (
        "numeric",
        27,
        7,
        "-",
        True,
    )
    assert date_shape("27-07/2023") is None


@given(
    st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2100, 12, 31)),
    st.integers(-14 * 60, 14 * 60),
)
def test_every_instant_survives_iso(at: datetime, minutes: int):
    zoned = at.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    found = parse_moment(zoned.isoformat(), "ymd")
    assert found == Moment(zoned.astimezone(UTC))


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2100, 12, 31)), st.sampled_from("-/."))
def test_every_day_survives_each_order(day: date, mark: str):
    assert parse_date(day.strftime(f"%d{mark}%m{mark}%Y"), "dmy") == day
    assert parse_date(day.strftime(f"%m{mark}%d{mark}%Y"), "mdy") == day
    assert parse_date(day.strftime(f"%Y{mark}%m{mark}%d"), "ymd") == day
    assert parse_date(f"{day:%B} {day.day}, {day.year}", "ymd") == day


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.booleans(), st.none()),
    st.sampled_from(["ymd", "dmy", "mdy"]),
)
def test_no_cell_makes_the_date_parser_fail(cell: object, order: str):
    assert isinstance(parse_date(cell, order), date | Problem | None)  # type: ignore[arg-type]
    assert isinstance(parse_moment(cell, order), Moment | Problem | None)  # type: ignore[arg-type]
