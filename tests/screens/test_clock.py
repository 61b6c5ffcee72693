"""Times by the reader's clock: the day goes with the hour, and a date without an hour never moves."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from evenbook.screens import clock

LATE = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)
NO_HOUR = datetime(2026, 3, 9, tzinfo=UTC)


def written(template: str, zone: str, **given: object) -> str:
    with clock.showing(lambda: ZoneInfo(zone)):
        return Template(template).render(Context(given))


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "9 Mar 2026, 23:30 UTC"),
        ("Europe/Berlin", "10 Mar 2026, 00:30 CET"),
        ("America/Denver", "9 Mar 2026, 17:30 MDT"),
        ("Asia/Singapore", "10 Mar 2026, 07:30 UTC+8"),
        ("America/Caracas", "9 Mar 2026, 19:30 UTC-4"),
        ("Asia/Kathmandu", "10 Mar 2026, 05:15 UTC+5:45"),
    ],
)
def test_an_instant_is_said_by_the_readers_clock(zone, said):
    html = written("{% moment at %}", zone, at=LATE)

    assert f">{said}<" in html
    assert 'datetime="2026-03-09T23:30:00+00:00"' in html and 'title="2026-03-09 23:30 UTC"' in html


def test_the_day_of_a_meeting_goes_with_its_hour():
    assert ">Tue 10 Mar, 07:30<" in written("{% soon at %}", "Asia/Singapore", at=LATE)
    assert ">Mon 9 Mar, 17:30<" in written("{% soon at %}", "America/Denver", at=LATE)


@pytest.mark.parametrize("zone", ["America/Denver", "Asia/Singapore", "Pacific/Kiritimati"])
def test_a_date_that_came_without_an_hour_is_that_date_everywhere(zone):
    assert written("{{ at|day }}", zone, at=NO_HOUR) == "9 Mar 2026"
    assert written("{{ at|long_day }}", zone, at=NO_HOUR) == "Monday 9 March 2026"
    assert written("{% moment at %}", zone, at=NO_HOUR) == '<time datetime="2026-03-09">9 Mar 2026</time>'
    assert written("{{ at|day }}", zone, at=date(2026, 3, 9)) == "9 Mar 2026"


def test_the_day_of_an_instant_is_the_readers():
    assert written("{{ at|day }}", "Asia/Singapore", at=LATE) == "10 Mar 2026"
    assert written("{{ at|day }}", "America/Denver", at=LATE) == "9 Mar 2026"


def test_the_zone_is_asked_for_once_and_only_where_a_time_is_shown():
    asked = []

    def zone() -> ZoneInfo:
        asked.append(1)
        return ZoneInfo("Europe/Berlin")

    with clock.showing(zone):
        assert asked == []
        clock.hour(LATE), clock.zone_word(LATE)

    assert asked == [1] and clock.here() == clock.UNIVERSAL
