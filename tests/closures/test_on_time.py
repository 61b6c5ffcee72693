"""What of a week was done on time: loops closed and follow-ups done by the end of the day they were due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from tests.closures.owing import owed
from tests.pages import company

from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.queries.on_time import Timely, timely
from evenbook.people.queries import viewer_by_mail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.records.models import Artifact

LAST = date(2026, 3, 8)
WEEKS = [LAST - timedelta(weeks=1), LAST]
ZONE = "Europe/Berlin"
BERLIN = timezone(timedelta(hours=1))

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(db: None) -> Any:
    made = company.build(8)
    Loop.objects.all().delete()
    FollowUp.objects.all().delete()
    return made


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def seen(viewer: Viewer | None = None) -> dict[tuple[int, date], Timely]:
    return timely(viewer or replace(SYSTEM, worked_out={}), WEEKS, zone=ZONE)


def loop(team: Any, due_on: date, **more: Any) -> Loop:
    ben = team.people["ben"]
    return owed(team.of("ben")[0], by=ben, due_on=due_on, event=f"{due_on}{more}", **more)


def test_a_loop_is_on_time_to_the_end_of_the_day_that_it_was_due_where_the_organization_works(team: Any):
    loop(team, LAST, closed_at=at(LAST, 23, 59))
    loop(team, LAST, closed_at=at(LAST + timedelta(days=1), 0, 1))
    loop(team, LAST - timedelta(days=6))
    loop(team, LAST - timedelta(days=7), closed_at=at(LAST - timedelta(days=9)))
    loop(team, LAST + timedelta(days=1))
    loop(team, LAST - timedelta(days=14))
    ben = team.people["ben"].pk
    assert seen() == {(ben, LAST): Timely(3, 1), (ben, WEEKS[0]): Timely(1, 1)}
    assert seen()[ben, LAST].share == pytest.approx(1 / 3)


def test_what_was_withdrawn_or_waived_by_then_counts_in_neither_and_later_it_does(team: Any):
    before, after = at(LAST, 9), at(LAST + timedelta(days=2))
    for more in ({"withdrawn_at": before}, {"waived_at": before, "waiver": "overloaded"}):
        loop(team, LAST, **more)
    loop(team, LAST, withdrawn_at=after)
    loop(team, LAST, waived_at=after, waiver="overloaded")
    assert seen() == {(team.people["ben"].pk, LAST): Timely(2, 0)}


def test_follow_ups_count_with_loops_and_those_taken_back_do_not(team: Any):
    ben, note = team.people["ben"], Artifact.objects.filter(known_at__lt=at(LAST)).first()
    given = {"artifact": note, "what": "Send it", "who": ben.name, "person": ben, "due_on": LAST}
    FollowUp.objects.create(**given, done_at=at(LAST))
    FollowUp.objects.create(**given, done_at=at(LAST + timedelta(days=1)))
    FollowUp.objects.create(**given)
    FollowUp.objects.create(**given, is_dropped=True, done_at=at(LAST - timedelta(days=1)))
    loop(team, LAST, closed_at=at(LAST))
    assert seen() == {(ben.pk, LAST): Timely(4, 2)}


def test_who_took_a_loop_owes_it_and_nobody_sees_those_of_others(team: Any):
    loop(team, LAST, taken_by=team.people["chidi"], closed_at=at(LAST))
    loop(team, LAST)
    chidi, ben = team.people["chidi"].pk, team.people["ben"].pk
    assert seen() == {(chidi, LAST): Timely(1, 1), (ben, LAST): Timely(1, 0)}
    assert set(seen(viewer_by_mail("ben@example.com", surface="page"))) == {(ben, LAST)}
    assert timely(SYSTEM, [], zone=ZONE) == {}
