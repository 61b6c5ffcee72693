"""A brief waits for each leader above its owner, and closes its loop when the last of them has seen it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.closures.owing import DAY, NOW, answers, everything, owed, viewer

from evenbook.book.models import Leave, Ownership, Person
from evenbook.closures.actions.closing import Closed, close
from evenbook.closures.actions.owed import LoopDone, NoSuchLoop
from evenbook.closures.actions.reading import NotAReader, acknowledge, close_the_seen
from evenbook.closures.models import Acknowledgement, Brief, Loop
from evenbook.closures.queries.briefs import brief_of, briefs_to_read, briefs_waiting
from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry, User
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact

FAR = (date.today() + timedelta(days=30)).isoformat()
LATER = NOW + timedelta(days=2)


@pytest.fixture
def loop(team: Any) -> Loop:
    return owed(team.of("ben")[0], by=team.people["ben"], kind="renewal_risk")


def written(loop: Loop, *, by: str = "ben", **more: Any) -> Closed:
    return close(loop.key, answers("renewal_risk_brief", **more), by=viewer(by), tier=1, now=NOW)


def read(loop: Loop, by: str, *, day: Any = DAY, now: Any = LATER) -> tuple[str, ...]:
    return acknowledge(loop.key, by=viewer(by), today=day, now=now)


def test_a_brief_waits_for_each_leader_and_the_last_one_closes_its_loop(loop: Loop) -> None:
    found = written(loop)
    assert (found.is_closed, found.waits_for) == (False, ("Amara Okafor", "Lena Sorel"))
    assert not Artifact.objects.filter(closes=loop.key).exists()

    assert read(loop, "amara") == ("Lena Sorel",)
    loop.refresh_from_db()
    assert loop.closed_at is None
    row = brief_of(viewer("ben"), loop.pk, today=DAY)
    assert row is not None and row.said == "seen by 1 of 2, waiting for Lena Sorel"

    assert read(loop, "lena") == ()
    loop.refresh_from_db()
    artifact = Artifact.objects.get(closes=loop.key)
    assert loop.closed_at == LATER and loop.closed_by == artifact
    assert (artifact.happened_at, artifact.known_at) == (NOW, LATER)
    assert artifact.author is not None and artifact.author.key == "ben"
    assert artifact.follow_ups.count() == 1
    assert list(AuditEntry.objects.order_by("pk").values_list("what", "by_name")) == [
        ("brief.written", "Ben Adler"),
        ("brief.acknowledged", "Amara Okafor"),
        ("brief.acknowledged", "Lena Sorel"),
        ("loop.closed", "Lena Sorel"),
    ]


def test_reading_twice_changes_nothing(loop: Loop) -> None:
    written(loop)
    read(loop, "amara")
    before = everything(), list(Acknowledgement.objects.values())
    assert read(loop, "amara") == ("Lena Sorel",)
    assert (everything(), list(Acknowledgement.objects.values())) == before


def test_a_leader_who_writes_it_has_seen_it(loop: Loop) -> None:
    assert written(loop, by="amara").waits_for == ("Lena Sorel",)


def test_an_owner_without_a_leader_above_waits_for_nobody(loop: Loop) -> None:
    User.objects.filter(role="leader").update(is_active=False)
    assert written(loop).is_closed
    row = brief_of(viewer("ben"), loop.pk, today=DAY)
    assert row is not None and row.said == "no leader is above its owner; nothing to wait for"


def test_a_leader_does_not_wait_for_themselves(team: Any) -> None:
    account = team.of("ben")[0]
    Ownership.objects.filter(account=account).update(person=team.people["amara"])
    own = owed(account, by=team.people["amara"], kind="renewal_risk")
    assert written(own, by="olu").waits_for == ("Lena Sorel",)


def test_policy_lets_the_date_of_sending_count(loop: Loop) -> None:
    _adopt(chain_seen="sent")
    assert written(loop).is_closed

    assert sorted(Mail.objects.values_list("to", flat=True)) == ["amara@example.com", "lena@example.com"]
    mail = Mail.objects.get(to="lena@example.com")
    assert mail.subject == "Renewal risk brief for Northwind Foods"
    assert "The sponsor left" in mail.text and "09 March 2026" in mail.text
    assert set(Acknowledgement.objects.values_list("how", "at")) == {("sent", NOW)}


def test_policy_lets_no_artifact_wait(loop: Loop) -> None:
    _adopt(chain_artifacts="")
    assert written(loop).is_closed and not Brief.objects.exists()


def test_whoever_covers_an_absent_leader_reads_in_their_place(team: Any, loop: Loop) -> None:
    team.people["lena"] = Person.objects.create(key="lena", name="Lena Sorel", user=team.users["lena"])
    leave = {"first_on": DAY, "last_on": DAY + timedelta(days=9), "cover": team.people["chidi"]}
    Leave.objects.create(person=team.people["lena"], happened_at=NOW, known_at=NOW, **leave)
    written(loop)
    assert [each.loop_id for each in briefs_to_read(viewer("chidi"), today=DAY)] == [loop.pk]
    assert briefs_to_read(viewer("chidi"), today=DAY - timedelta(days=1)) == ()

    assert read(loop, "chidi") == ("Amara Okafor",)
    seen = Acknowledgement.objects.get()
    assert (seen.leader, seen.by_name) == (team.users["lena"], "Chidi Eze")


def test_nobody_reads_their_own_brief_in_the_place_of_a_leader(team: Any, loop: Loop) -> None:
    leave = {"first_on": DAY, "last_on": DAY + timedelta(days=9), "cover": team.people["ben"]}
    Leave.objects.create(person=team.people["amara"], happened_at=NOW, known_at=NOW, **leave)
    written(loop)
    assert briefs_to_read(viewer("ben"), today=DAY) == ()
    with pytest.raises(NotAReader):
        read(loop, "ben")


@pytest.mark.parametrize("name", ["ben", "chidi", "olu", "rea", "edda"])
def test_nobody_else_reads_it(loop: Loop, name: str) -> None:
    written(loop)
    before = everything()
    with pytest.raises((NotAReader, NoSuchLoop)):
        read(loop, name)
    assert everything() == before and not Acknowledgement.objects.exists()
    assert briefs_to_read(viewer(name), today=DAY) == ()


def test_what_is_written_anew_is_asked_to_be_read_again(loop: Loop) -> None:
    written(loop)
    read(loop, "amara")
    again = "The sponsor is back and has seen what they pay for now."
    assert written(loop, summary=again).waits_for == ("Amara Okafor", "Lena Sorel")

    assert Brief.objects.count() == 2
    read(loop, "amara")
    read(loop, "lena")
    assert Artifact.objects.get(closes=loop.key).summary == again


def test_a_leader_who_has_left_is_waited_for_no_longer(loop: Loop) -> None:
    written(loop)
    read(loop, "amara")
    assert close_the_seen(now=LATER) == 0
    User.objects.filter(mail="lena@example.com").update(is_active=False)

    assert close_the_seen(now=LATER) == 1
    loop.refresh_from_db()
    assert loop.closed_at == LATER
    assert close_the_seen(now=LATER) == 0


def test_a_leader_who_came_since_is_waited_for(team: Any, loop: Loop) -> None:
    written(loop)
    User.objects.create(mail="nia@example.com", name="Nia Bright", role="leader", joined_at=NOW)
    assert read(loop, "amara") == ("Lena Sorel", "Nia Bright")


def test_a_brief_of_a_waived_or_withdrawn_loop_waits_for_nobody(loop: Loop) -> None:
    written(loop)
    Loop.objects.filter(pk=loop.pk).update(withdrawn_at=NOW)
    assert briefs_to_read(viewer("lena"), today=DAY) == ()
    assert briefs_waiting(viewer("ben"), [loop.pk], today=DAY) == {}
    with pytest.raises(LoopDone):
        read(loop, "lena")


def test_a_loop_without_a_brief_is_not_read(loop: Loop) -> None:
    with pytest.raises(NoSuchLoop):
        read(loop, "lena")


def _adopt(**numbers: Any) -> None:
    ensure_first(NOW, but={"closures": numbers})


def test_pages_ask_for_each_brief_in_turn(team: Any, loop: Loop, client: Any) -> None:
    other = owed(
        team.of("ben")[1], by=team.people["ben"], kind="renewal_risk", due_on=DAY + timedelta(days=1)
    )
    client.force_login(team.users["ben"])
    posted = {"summary": "<b>The sponsor left</b> and the new one has not seen it.", "level": "high"}
    posted |= {"follow_ups-0-what": "Send the offer", "follow_ups-0-who": "Ben Adler", "follow_ups-0-by": FAR}
    for each in (loop, other):
        assert client.post(f"/loops/{each.pk}", posted).status_code == 302
    page = client.get("/my-week").content.decode()
    assert "Written, waiting for a leader" in page
    assert "seen by 0 of 2, waiting for Amara Okafor and Lena Sorel" in page
    assert f'href="/loops/{loop.pk}" data-close' not in page

    client.force_login(team.users["lena"])
    for at in ("/team-week", "/my-week"):
        assert "Briefs to read: 2" in client.get(at).content.decode()
    read = client.get(f"/loops/{loop.pk}").content.decode()
    assert "&lt;b&gt;The sponsor left" in read and "I have read it" in read
    assert client.post(f"/loops/{loop.pk}/acknowledge")["Location"] == f"/loops/{other.pk}"
    assert client.post(f"/loops/{other.pk}/acknowledge")["Location"] == "/my-week"
    assert "Briefs to read" not in client.get("/team-week").content.decode()
    again = client.get(f"/loops/{loop.pk}").content.decode()
    assert "seen by 1 of 2, waiting for Amara Okafor" in again and "I have read it" not in again

    client.force_login(team.users["amara"])
    client.post(f"/loops/{loop.pk}/acknowledge")
    done = client.get(f"/loops/{loop.pk}").content.decode()
    assert "seen by 2 of 2" in done and "is closed" in done


def test_the_api_lists_and_reads_briefs(team: Any, loop: Loop, client: Any) -> None:
    written(loop)
    client.force_login(team.users["lena"])
    (listed,) = client.get("/api/v1/briefs").json()["items"]
    assert listed["loop"] == loop.key and listed["answers"]["level"] == "high"
    assert [each["name"] for each in listed["readers"]] == ["Amara Okafor", "Lena Sorel"]
    acknowledged = acknowledge(loop.key, by=viewer("lena"), today=DAY, now=LATER)
    assert acknowledged == ("Amara Okafor",)
    assert client.get("/api/v1/briefs").json()["items"] == []
