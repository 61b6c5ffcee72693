"""Whose clock a page goes by: the reader's own, else the organization's."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from tests.pages import company

from evenbook.book.clock import zone_of
from evenbook.book.models import Person
from evenbook.people.queries import viewer_of
from evenbook.policy.models import PolicyVersion


@pytest.fixture
def meeting(team) -> datetime:
    """Book a meeting of Ben's in two days, a while before midnight in UTC."""
    at = (timezone.now() + timedelta(days=2)).replace(hour=23, minute=30, second=0, microsecond=0)
    company.book_meeting(team.accounts[0], team.people["ben"], at=at)
    return at


def soon(at: datetime, zone: str) -> str:
    near = at.astimezone(ZoneInfo(zone))
    return f">{near:%a} {near.day} {near:%b}, {near:%H:%M}<"


def live_in(name: str, zone: str) -> None:
    Person.objects.filter(key=name).update(time_zone=zone)


def work_in(zone: str) -> None:
    PolicyVersion.objects.create(
        number=1,
        adopted_at=company.LONG_AGO,
        author_name="Olu Danjuma",
        note="Where we work.",
        document={"organization": {"time_zone": zone}},
        difference=[],
    )


def test_a_meeting_is_at_the_hour_of_the_readers_own_clock(as_user, meeting):
    live_in("ben", "Asia/Singapore")
    live_in("amara", "America/Denver")

    said = as_user("ben").get("/my-week").content.decode()
    assert soon(meeting, "Asia/Singapore") in said and "times in Asia/Singapore" in said
    assert soon(meeting, "America/Denver") in as_user("amara").get("/my-week?person=ben").content.decode()


def test_without_a_zone_of_their_own_it_is_the_organizations(as_user, meeting):
    work_in("Europe/Berlin")
    live_in("ben", "Atlantis/Deep")

    assert soon(meeting, "Europe/Berlin") in as_user("ben").get("/my-week").content.decode()
    assert soon(meeting, "Europe/Berlin") in as_user("amara").get("/my-week?person=ben").content.decode()


def test_a_stranger_reads_by_the_organizations_clock(team):
    work_in("Europe/Berlin")

    assert zone_of(None) == ZoneInfo("Europe/Berlin")
    assert zone_of(viewer_of(team.users["olu"])) == ZoneInfo("Europe/Berlin")


def test_the_account_and_the_policy_name_the_zone_beside_the_hour(as_user, meeting):
    work_in("Europe/Berlin")
    zone = meeting.astimezone(ZoneInfo("Europe/Berlin")).tzname()

    assert f" {zone}</time>" in as_user("amara").get("/accounts/a-00000").content.decode()
    assert "4 Mar 2024" in as_user("amara").get("/policy/history").content.decode()
