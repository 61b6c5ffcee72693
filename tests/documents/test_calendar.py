"""Calendars find in a file the events that were put in, at their hours, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evenbook.documents import wording
from evenbook.documents.calendar import Days, Event, Span, as_ics
from papers import HOSTILE

WRITTEN_AT = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
DAY = Days(date(2026, 3, 9))


def read(*events: Event, name: str = "Amara") -> icalendar.Calendar:
    return icalendar.Calendar.from_ical(as_ics(name, events, written_at=WRITTEN_AT))


def test_an_event_is_read_back_with_all_that_it_holds():
    renewal = Event(
        "closure-1@example", DAY, "Renewal", "Two\nlines", "https://evenbook.example/1?a=1;b=2,c", revision=3
    )
    (found,) = read(renewal).walk("VEVENT")

    assert (found["UID"], found["SUMMARY"], found["DESCRIPTION"]) == (
        "closure-1@example",
        "Renewal",
        "Two\nlines",
    )
    assert (found["URL"], found["STATUS"], found["SEQUENCE"]) == (renewal.url, "CONFIRMED", 3)
    assert found["DTSTAMP"].dt == WRITTEN_AT


@pytest.mark.parametrize(
    ("last_on", "after"), [(None, date(2026, 3, 10)), (date(2026, 3, 11), date(2026, 3, 12))]
)
def test_whole_days_have_no_hour_and_end_where_the_next_begins(last_on, after):
    (found,) = read(Event("a", Days(date(2026, 3, 9), last_on), "Review")).walk("VEVENT")

    assert (found["DTSTART"].dt, found["DTEND"].dt) == (date(2026, 3, 9), after)
    assert found["TRANSP"] == "TRANSPARENT"


@pytest.mark.parametrize("day", [9, 29], ids=["winter", "the day that clocks change"])
def test_hours_of_a_zone_are_the_same_instants_in_utc(day):
    begins_at = datetime(2026, 3, day, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    (found,) = read(Event("a", Span(begins_at, begins_at + timedelta(hours=1)), "Call")).walk("VEVENT")

    assert found["DTSTART"].dt == begins_at.astimezone(UTC) and found["DTSTART"].dt.utcoffset() == timedelta(
        0
    )
    assert found["DTEND"].dt - found["DTSTART"].dt == timedelta(hours=1)


def test_an_instant_without_length_has_no_end():
    (found,) = read(Event("a", Span(WRITTEN_AT, WRITTEN_AT), "Due")).walk("VEVENT")

    assert found["DTSTART"].dt == WRITTEN_AT and "DTEND" not in found


def test_a_cancelled_event_is_told_under_the_name_that_calendars_know():
    (found,) = read(Event("a", DAY, "Call", status="cancelled", revision=1)).walk("VEVENT")

    assert (found["UID"], found["STATUS"], found["SEQUENCE"]) == ("a", "CANCELLED", 1)


@pytest.mark.parametrize("text", [*HOSTILE, "x\r\nATTACH:file:///etc/passwd\r\nX-EVIL:1", "a\\nb;c,d"])
def test_hostile_text_stays_in_its_field(text):
    written = as_ics(text, [Event("a", DAY, text, text, "https://x\r\nATTACH:y")], written_at=WRITTEN_AT)
    calendar = icalendar.Calendar.from_ical(written)
    (found,) = calendar.walk("VEVENT")

    assert found["SUMMARY"] == calendar["X-WR-CALNAME"] == wording.one_line(text)
    assert found["DESCRIPTION"] == wording.clean(text)
    assert set(found) == {
        "UID",
        "DTSTAMP",
        "DTSTART",
        "DTEND",
        "SUMMARY",
        "STATUS",
        "SEQUENCE",
        "TRANSP",
        "DESCRIPTION",
    }


@given(st.text(min_size=1))
@example("C:\\New")
def test_any_text_comes_back_as_it_is_said(text):
    """But a backslash before a capital N, which the library takes for a line's end when it writes."""
    (found,) = read(Event("a", DAY, "x", text)).walk("VEVENT")

    assert found.get("DESCRIPTION", "") == wording.clean(text).replace("\\N", "\n")


def test_lines_are_folded_at_75_bytes_and_end_as_the_format_wants():
    written = as_ics("x", [Event("a", DAY, "é" * 500, "😀" * 500)], written_at=WRITTEN_AT)

    assert written.endswith(b"END:VCALENDAR\r\n") and b"\n" not in written.replace(b"\r\n", b"")
    assert max(len(line) for line in written.split(b"\r\n")) <= 75


def test_a_page_that_is_not_of_the_web_is_not_written():
    assert b"URL" not in as_ics("x", [Event("a", DAY, "x", url="javascript:alert(1)")], written_at=WRITTEN_AT)


def test_a_feed_without_events_is_a_calendar_all_the_same():
    calendar = read(name="Amara; her team")

    assert calendar["VERSION"] == "2.0" and calendar["PRODID"] and calendar["NAME"] == "Amara; her team"
    assert calendar.walk("VEVENT") == []


def test_the_same_events_at_the_same_instant_give_the_same_bytes_and_keep_their_order():
    events = [Event(name, DAY, name) for name in ("b", "a", "c")]

    assert as_ics("x", events, written_at=WRITTEN_AT) == as_ics("x", events, written_at=WRITTEN_AT)
    assert [found["UID"] for found in read(*events).walk("VEVENT")] == ["b", "a", "c"]


@pytest.mark.parametrize(
    "made",
    [
        lambda: Days(date(2026, 3, 9), date(2026, 3, 8)),
        lambda: Days(WRITTEN_AT),
        lambda: Span(datetime(2026, 3, 9), datetime(2026, 3, 9)),
        lambda: Span(WRITTEN_AT, WRITTEN_AT - timedelta(seconds=1)),
        lambda: Event("", DAY, "x"),
        lambda: Event("a\r\nX:1", DAY, "x"),
        lambda: Event("a", DAY, "x", status="gone"),
        lambda: as_ics("x", [], written_at=datetime(2026, 3, 9)),
        lambda: as_ics("x", [Event("a", DAY, "x"), Event("a", DAY, "y")], written_at=WRITTEN_AT),
    ],
    ids=[
        "days backwards",
        "an instant",
        "no zone",
        "backwards",
        "no uid",
        "lines",
        "status",
        "no clock zone",
        "twice",
    ],
)
def test_what_no_calendar_could_show_is_refused(made):
    with pytest.raises(ValueError, match=r"\w"):
        made()
