"""A person's calendar under its secret address: what stands in it, and what it opens for whom."""

from __future__ import annotations

import logging
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.test import Client
from tests.closures.owing import answers, owed, viewer
from tests.pages import company

from evenbook.book.models import Ownership
from evenbook.closures.actions.closing import close
from evenbook.closures.actions.correcting import correct
from evenbook.closures.models import FollowUp
from evenbook.people.models import AuditEntry, CalendarFeed
from evenbook.rest.models import Lease
from evenbook.site.logs import Lines

TODAY = datetime.now(UTC).date()
SOON = TODAY + timedelta(days=3)


@pytest.fixture(autouse=True)
def fresh_minutes() -> Any:
    from evenbook.rest import rates

    rates._mine.clear()


def made(client: Client) -> str:
    """Return the path of a new address, as its page shows it once."""
    page = client.post("/me/calendar").content.decode()
    found = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", page)
    assert found is not None
    return found[1]


def events(at: str) -> dict[str, Any]:
    answer = Client().get(at)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(each["summary"]): each for each in found}


def test_it_holds_what_the_person_owes_wrote_and_has_booked(team: Any, as_user: Any) -> None:
    ben, account = team.people["ben"], team.of("ben")[0]
    loop = owed(account, by=ben, due_on=SOON)
    owed(team.of("chidi")[0], by=team.people["chidi"], due_on=SOON)
    note = owed(team.of("ben")[1], by=ben, due_on=SOON)
    given = answers("check_in_note", today=TODAY, next_touchpoint=(TODAY + timedelta(days=20)).isoformat())
    close(note.key, given, by=viewer("ben"), tier=1, now=datetime.now(UTC))
    FollowUp.objects.update(person=ben, what="Send; the, offer\nnow")
    company.book_meeting(account, ben, at=datetime.now(UTC) + timedelta(days=5))
    found = events(made(as_user("ben")))

    due = found[f"Check-in note: {account.name}"]
    assert due["uid"] == f"loop-{loop.pk}@evenbook" and due.decoded("dtstart") == SOON
    assert str(due["url"]).endswith(f"/loops/{loop.pk}")
    assert f"Send; the, offer now ({team.of('ben')[1].name})" in found
    touch = found[f"Next touchpoint: {team.of('ben')[1].name}"]
    assert touch.decoded("dtstart") == TODAY + timedelta(days=20) and touch["sequence"] == 0
    meeting = found[f"Meeting: {account.name}"]
    assert meeting.decoded("dtend") - meeting.decoded("dtstart") == timedelta(minutes=30)
    assert not any(team.of("chidi")[0].name in each for each in found)


def test_a_correction_is_a_revision_of_the_same_event(team: Any, as_user: Any) -> None:
    note = owed(team.of("ben")[1], by=team.people["ben"], due_on=SOON)
    now, far = datetime.now(UTC), (TODAY + timedelta(days=20)).isoformat()
    given = answers("check_in_note", today=TODAY, next_touchpoint=far)
    close(note.key, given, by=viewer("ben"), tier=1, now=now)
    at, name = made(as_user("ben")), f"Next touchpoint: {team.of('ben')[1].name}"
    before = events(at)[name]
    later = (TODAY + timedelta(days=25)).isoformat()
    correct(note.key, {**given, "next_touchpoint": later}, version=1, by=viewer("ben"), tier=1, now=now)

    after = events(at)[name]
    assert after["uid"] == before["uid"] and (before["sequence"], after["sequence"]) == (0, 1)
    assert after.decoded("dtstart") == date.fromisoformat(later)
    taken = as_user("ben").get(f"/loops/{note.pk}/touchpoint.ics")
    (single,) = icalendar.Calendar.from_ical(taken.content).walk("VEVENT")
    assert (single["uid"], single["sequence"]) == (after["uid"], 1)
    assert "attachment" in taken["Content-Disposition"]


def test_a_renewal_of_their_own_account_is_in_it(team: Any, as_user: Any) -> None:
    from evenbook.capacity.models import AccountWeek

    account = team.of("ben")[0]
    AccountWeek.objects.filter(account=account).update(renews_on=SOON)
    found = events(made(as_user("ben")))
    assert found[f"Renewal: {account.name}"].decoded("dtstart") == SOON


def test_the_address_is_shown_once_and_kept_as_a_digest(team: Any, as_user: Any, caplog: Any) -> None:
    client = as_user("ben")
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.INFO, logger="evenbook.requests"):
        at = made(client)
        Client().get(at)
    secret = at.removeprefix("/calendar/").removesuffix(".ics")
    assert len(secret) > 40 and secret not in client.get("/me").content.decode()
    assert secret not in CalendarFeed.objects.get().digest
    told = [Lines(as_json=True).format(each) for each in caplog.records]
    assert any('"calendar-feed"' in each for each in told) and secret not in "".join(told)
    assert secret not in "".join(map(str, AuditEntry.objects.values_list("what", "thing_name", "after")))
    assert list(AuditEntry.objects.values_list("what", flat=True)) == ["calendar_feed.made"]


def test_unchanged_it_is_not_sent_again(team: Any, as_user: Any) -> None:
    at = made(as_user("ben"))
    tag = Client().get(at)["ETag"]
    again = Client().get(at, headers={"If-None-Match": tag})
    assert again.status_code == 304 and not again.content
    owed(team.of("ben")[0], by=team.people["ben"], due_on=SOON)
    assert Client().get(at, headers={"If-None-Match": tag}).status_code == 200


def test_a_new_address_ends_the_old_one_and_ending_it_ends_it(team: Any, as_user: Any) -> None:
    client = as_user("ben")
    old, new = made(client), made(client)
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    client.post("/me/calendar/end")
    assert Client().get(new).status_code == 404
    assert "no address is open" in client.get("/me").content.decode()


@pytest.mark.parametrize("gone", ["user", "person"])
def test_who_has_left_has_no_calendar(team: Any, as_user: Any, gone: str) -> None:
    at = made(as_user("ben"))
    if gone == "user":
        team.users["ben"].is_active = False
        team.users["ben"].save()
    else:
        team.people["ben"].left_on = TODAY - timedelta(days=3)
        team.people["ben"].save()
    assert Client().get(at).status_code == 404


def test_what_is_no_longer_theirs_is_no_longer_in_it(team: Any, as_user: Any) -> None:
    account = team.of("ben")[0]
    company.book_meeting(account, team.people["ben"], at=datetime.now(UTC) + timedelta(days=5))
    at = made(as_user("ben"))
    assert f"Meeting: {account.name}" in events(at)
    Ownership.objects.filter(account=account).update(person=team.people["chidi"])
    assert f"Meeting: {account.name}" not in events(at)


@pytest.mark.parametrize(
    "at", ["/calendar/x.ics", f"/calendar/{'x' * 43}.ics", f"/calendar/{'x' * 3000}.ics", "/calendar/%00.ics"]
)
def test_what_is_no_address_opens_nothing(team: Any, at: str) -> None:
    assert Client().get(at).status_code == 404
    assert Client().post(at).status_code == 405


def test_whoever_asks_too_often_is_told_to_wait(team: Any, as_user: Any) -> None:
    at = made(as_user("ben"))
    said = [Client().get(at) for _ in range(26)]
    assert 429 in {each.status_code for each in said}
    late = next(each for each in said if each.status_code == 429)
    assert 0 < int(late["Retry-After"]) <= 60 and Lease.objects.exists()


def test_a_leader_without_a_book_has_an_empty_calendar(team: Any, as_user: Any) -> None:
    assert events(made(as_user("lena"))) == {}


def test_text_of_others_is_text(team: Any, as_user: Any) -> None:
    account = team.of("ben")[0]
    account.name = "Evil\r\nBEGIN:VEVENT\r\nSUMMARY:x; y, z\\n"
    account.save()
    owed(account, by=team.people["ben"], due_on=SOON)
    found = events(made(as_user("ben")))
    assert sum("Evil" in each for each in found) >= 1 and all(each != "x" for each in found)


def test_a_loop_without_a_day_has_no_touchpoint(team: Any, as_user: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["ben"], due_on=SOON)
    assert as_user("ben").get(f"/loops/{loop.pk}/touchpoint.ics").status_code == 404
