"""Calendar files of others are read event by event, and nothing in them is trusted."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenbook.documents.calendar import Days, Event, Span, as_ics
from evenbook.documents.calendar_reading import (
    MOST_BYTES,
    MOST_EVENTS,
    CalendarRead,
    NotACalendar,
    Written,
    days_of,
    read_calendar,
)

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def file(*events: str, head: str = "") -> bytes:
    body = "\r\n".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{body}\r\nEND:VCALENDAR\r\n".encode()


def event(*lines: str, uid: str = "1@x") -> str:
    return "\r\n".join((f"UID:{uid}", *lines))


def read(*events: str, zone: str = "Europe/Berlin", **more: Any) -> CalendarRead:
    return read_calendar(file(*events, **more), zone=zone, first=FIRST, last=LAST)


def days(
    found: CalendarRead, *, zone: str = "Europe/Berlin", hours: float = 6
) -> list[tuple[str, str] | None]:
    return [
        (taken[0].isoformat(), taken[1].isoformat()) if taken else None
        for taken in (days_of(each.when, zone=zone, hours=hours) for each in found.events)
    ]


def one(*lines: str) -> Written:
    (found,) = read(event(*lines)).events
    return found


def test_whole_days_end_with_the_day_before_their_end():
    found = read(event("DTSTART;VALUE=DATE:20260309", "DTEND;VALUE=DATE:20260314", "SUMMARY:Vacation"))
    assert days(found) == [("2026-03-09", "2026-03-13")]


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (("DTSTART;VALUE=DATE:20260309",), ("2026-03-09", "2026-03-09")),
        (("DTSTART;VALUE=DATE:20260309", "DTEND;VALUE=DATE:20260309"), ("2026-03-09", "2026-03-09")),
        (("DTSTART;VALUE=DATE:20260309", "DURATION:P3D"), ("2026-03-09", "2026-03-11")),
        (("DTSTART:20260309T080000Z", "DTEND:20260309T160000Z"), ("2026-03-09", "2026-03-09")),
        (("DTSTART:20260309T230000Z", "DTEND:20260311T230000Z"), ("2026-03-10", "2026-03-11")),
        (("DTSTART:20260309T120000Z", "DTEND:20260309T130000Z"), None),
        (("DTSTART:20260309T120000Z",), None),
        (("DTSTART:20260309T000000", "DTEND:20260310T000000"), ("2026-03-09", "2026-03-09")),
        (("DTSTART;TZID=America/New_York:20260309T000000", "DTEND;TZID=America/New_York:20260310T000000"),
         ("2026-03-09", "2026-03-09")),
        (("DTSTART;TZID=W. Europe Standard Time:20260309T000000", "DURATION:P1D"), ("2026-03-09", "2026-03-09")),
        (("DTSTART;TZID=No/Where:20260309T000000", "DURATION:P1D"), ("2026-03-09", "2026-03-09")),
    ],
)  # fmt: skip
def test_hours_become_the_days_that_they_fill_where_the_reader_is(lines: Any, taken: Any):
    assert days(read(event(*lines))) == [taken]


def test_a_long_span_of_hours_becomes_its_days():
    found = Span(datetime(2026, 3, 9, 8, tzinfo=UTC), datetime(2026, 3, 13, 7, tzinfo=UTC))
    assert days_of(found, zone="UTC", hours=6) == (date(2026, 3, 9), date(2026, 3, 13))
    assert days_of(found, zone="UTC", hours=8) == (date(2026, 3, 9), date(2026, 3, 12))


def test_addresses_status_and_sequence_are_read():
    found = one(
        "DTSTART;VALUE=DATE:20260309", "STATUS:CANCELLED", "SEQUENCE:4", "TRANSP:TRANSPARENT",
        "X-MICROSOFT-CDO-BUSYSTATUS:OOF", 'ORGANIZER;CN="Adler: Ben";SENT-BY="mailto:hr@x.example":mailto:Ben@X.example',
        "ATTENDEE:mailto:olu@x.example", "ATTENDEE;CN=x:invalid", "CATEGORIES:Holiday,Red", "CREATED:20260101T100000Z",
    )  # fmt: skip
    assert found.is_cancelled and found.is_free and found.busy == "oof" and found.revision == 4
    assert (found.organizer, found.asked) == ("ben@x.example", ("olu@x.example",))
    assert "Holiday" in found.summary
    assert found.created_at == datetime(2026, 1, 1, 10, tzinfo=UTC)


def test_a_series_is_unfolded_between_the_days_without_its_exceptions():
    found = read(
        event(
            "DTSTART;VALUE=DATE:20260306", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=5", "EXDATE;VALUE=DATE:20260320",
            "RDATE;VALUE=DATE:20260401",
        ),
        event("RECURRENCE-ID;VALUE=DATE:20260313", "DTSTART;VALUE=DATE:20260312", "SEQUENCE:1"),
    )  # fmt: skip
    assert sorted(each.occurrence for each in found.events) == [
        "2026-03-06", "2026-03-13", "2026-03-27", "2026-04-01", "2026-04-03",
    ]  # fmt: skip
    moved = next(each for each in found.events if each.occurrence == "2026-03-13")
    assert moved.when == Days(date(2026, 3, 12), date(2026, 3, 12))


def test_a_series_of_hours_keeps_its_hour_over_the_change_of_clocks():
    found = read(
        event(
            "DTSTART;TZID=Europe/Berlin:20260323T000000", "DTEND;TZID=Europe/Berlin:20260324T000000",
            "RRULE:FREQ=WEEKLY;UNTIL=20260405T210000Z",
        )
    )  # fmt: skip
    assert days(found) == [("2026-03-23", "2026-03-23"), ("2026-03-30", "2026-03-30")]


def test_a_series_that_began_before_the_days_is_followed_into_them():
    found = read(event("DTSTART;VALUE=DATE:20200103", "RRULE:FREQ=YEARLY"))
    assert [each.occurrence for each in found.events] == ["2026-01-03"]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=99999999", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=0,1,2,3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;COUNT=999999999", "FREQ=WEEKLY;BYDAY=XX", "FREQ=NEVER", "FREQ=DAILY;INTERVAL=-3", "FREQ=MONTHLY;BYDAY=99MO",
        "FREQ=DAILY;UNTIL=99991231",
    ],
)  # fmt: skip
def test_no_rule_of_repetition_runs_away(rule: str):
    began = time.monotonic()
    found = read(*(event("DTSTART;VALUE=DATE:20160201", f"RRULE:{rule}", uid=f"{n}@x") for n in range(30)))
    assert time.monotonic() - began < 5
    assert len(found.events) <= 40_000


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (("DTSTART:garbage",), "it has a line that cannot be read"),
        (("SUMMARY:Nothing",), "it has no beginning"),
        (("DTSTART:20260310T100000Z", "DTEND:20260309T100000Z"), "it ends before it begins"),
        (("DTSTART;VALUE=DATE:20260309", "SEQUENCE:many"), "it"),
        (("DTSTART;VALUE=DATE:20260309", "RRULE:FREQ=SECONDLY"), "its rule of repetition is not followed"),
        (("DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY"), "the series began too long ago"),
    ],
)
def test_what_cannot_be_read_is_left_out_with_a_reason_and_the_others_stay(lines: Any, why: str):
    found = read(event(*lines, uid="bad@x"), event("DTSTART;VALUE=DATE:20260309", uid="good@x"))
    assert [each.uid for each in found.events] == ["good@x"]
    assert len(found.left_out) == 1 and found.left_out[0][1].startswith(why)


def test_an_event_without_an_id_is_left_out():
    assert read("DTSTART;VALUE=DATE:20260309").left_out[0][1].startswith("it has no id")
    assert read(event("DTSTART;VALUE=DATE:20260309", uid="x" * 400)).left_out[0][1] == "its id is too long"


def test_of_an_event_that_stands_twice_the_higher_sequence_is_taken_and_of_equal_ones_the_later():
    new = event("DTSTART;VALUE=DATE:20260310", "SEQUENCE:2")
    old = event("DTSTART;VALUE=DATE:20260309", "SEQUENCE:1")
    same = event("DTSTART;VALUE=DATE:20260311", "SEQUENCE:2")
    assert days(read(new, old)) == days(read(old, new)) == [("2026-03-10", "2026-03-10")]
    assert days(read(new, same)) == [("2026-03-11", "2026-03-11")]


def test_what_lies_outside_of_the_days_is_counted():
    found = read(event("DTSTART;VALUE=DATE:20240309"), event("DTSTART;VALUE=DATE:20300309", uid="2@x"))
    assert (found.events, found.outside) == ((), 2)


def test_alarms_zones_and_lines_that_are_folded_do_no_harm():
    zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0900\r\nTZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    lines = event(
        "DTSTART;TZID=Europe/Berlin:20260309T000000", "DURATION:P1D", "SUMMARY:Vaca\r\n tion", "BEGIN:VALARM",
        "TRIGGER:-PT15M", "SUMMARY:Alarm", "END:VALARM",
    )  # fmt: skip
    found = read(lines, head=zone)
    assert days(found) == [("2026-03-09", "2026-03-09")] and found.events[0].summary == "Vacation"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"account,owner\n", b"\xff\xfe\x00B", b"BEGIN:VCARD\n"])
def test_what_is_no_calendar_is_refused(data: bytes):
    with pytest.raises(NotACalendar, match="no calendar"):
        read_calendar(data, zone="UTC", first=FIRST, last=LAST)


def test_a_file_that_is_too_large_is_refused_and_too_many_events_are_left_out():
    with pytest.raises(NotACalendar, match="5 MB"):
        read_calendar(b"BEGIN:VCALENDAR" + b" " * MOST_BYTES, zone="UTC", first=FIRST, last=LAST)
    many = [event("DTSTART;VALUE=DATE:20260309", uid=f"{n}") for n in range(MOST_EVENTS + 1)]
    found = read(*many)
    assert len(found.events) == MOST_EVENTS and "more than 5,000 events" in found.left_out[0][1]


def test_a_line_without_an_end_is_cut():
    data = file(
        event("DTSTART;VALUE=DATE:20260309", "SUMMARY:" + "x" * 1_000_000, "DESCRIPTION:" + "y" * 1_000_000)
    )
    (found,) = read_calendar(data, zone="UTC", first=FIRST, last=LAST).events
    assert len(found.summary) < 3_000


def test_what_the_product_writes_itself_is_read_back():
    written = as_ics(
        "Leave",
        [Event("a@x", Days(date(2026, 3, 9), date(2026, 3, 13)), "Vacation")],
        written_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    assert days(read_calendar(written, zone="UTC", first=FIRST, last=LAST)) == [("2026-03-09", "2026-03-13")]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(
    ("BEGIN:VEVENT", "END:VEVENT", "UID:1", "UID:2", "DTSTART:20260309T100000Z", "DTSTART;VALUE=DATE:20260309", "DTEND:x",
     "RRULE:FREQ=DAILY", "RRULE:", "EXDATE:,,", "RECURRENCE-ID:20260309T100000Z", "SEQUENCE:-1", ":", ";", " folded", "BEGIN:VALARM",
     "END:VALARM", "DURATION:-P1D", "DTSTART;TZID=:1", "END:VCALENDAR", "ORGANIZER:mailto:", "CREATED:20260101")
), max_size=25), st.text(max_size=20))  # fmt: skip
def test_no_file_breaks_the_reader(lines: list[str], junk: str):
    data = "\r\n".join(["BEGIN:VCALENDAR", *lines, junk]).encode("utf-8", "surrogatepass")
    found = read_calendar(data, zone="UTC", first=FIRST, last=LAST)
    assert all(each.uid for each in found.events)
