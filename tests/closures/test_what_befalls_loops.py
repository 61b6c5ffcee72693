"""What befalls loops from outside: people go, the standard changes, thousands open at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.closures.owing import DAY, NOW, answers, owed, viewer

from evenbook.closures.actions.closing import close
from evenbook.closures.actions.owed import LoopNotYours
from evenbook.closures.models import Loop
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.messages.models import Mail
from evenbook.people.actions import deactivate
from evenbook.policy.actions import ensure_first

NOTE = "check_in_note"


def closed(loop: Loop, by: str = "ben", **more: Any) -> bool:
    given = answers(NOTE, **more)
    return close(loop.key, given, by=viewer(by), tier=1, now=NOW).is_closed


def test_a_person_who_owns_accounts_is_not_deleted_and_their_loops_stay_theirs(team: Any) -> None:
    ben = team.people["ben"]
    loop = owed(team.of("ben")[0], by=ben)
    with pytest.raises(ProtectedError):
        ben.delete()

    loop.refresh_from_db()
    assert loop.person == ben


def test_the_loops_of_somebody_who_is_gone_from_the_book_are_nobodys_and_a_leader_closes_them(
    team: Any,
) -> None:
    from evenbook.book.models import Person

    guest = Person.objects.create(key="guest", name="Gwen Guestby", team="North")
    loop = owed(team.of("ben")[0], by=guest)
    guest.delete()

    with pytest.raises(LoopNotYours, match="Nobody owes this loop yet"):
        closed(loop)
    assert closed(loop, by="amara")


def test_who_may_no_longer_sign_in_leaves_their_loops_to_their_leader(team: Any) -> None:
    loop = owed(team.of("ben")[0], by=team.people["ben"])
    deactivate(viewer("olu"), team.users["ben"].pk, now=NOW)

    assert Loop.objects.get(pk=loop.pk).person == team.people["ben"]
    assert closed(loop, by="amara")


def test_a_stricter_standard_leaves_closed_what_is_closed_and_holds_for_what_comes(team: Any) -> None:
    ben, account = team.people["ben"], team.of("ben")[0]
    before, after = owed(account, by=ben), owed(account, by=ben)
    assert closed(before)
    stood = Loop.objects.filter(pk=before.pk).values().get()

    rows = [row.model_dump() for row in ClosuresNumbers().questions]
    strict = [
        {**row, "least_words": 60} if (row["artifact"], row["field"]) == (NOTE, "summary") else row
        for row in rows
    ]
    ensure_first(NOW, but={"closures": {"questions": strict}})
    assert not closed(after)
    assert Loop.objects.filter(pk=before.pk).values().get() == stood
    words = " ".join(f"word{number}" for number in range(60))
    assert closed(after, summary=f"They move the rollout: {words}.")


def test_5000_loops_at_once_send_no_mail_and_my_week_asks_no_more(team: Any) -> None:
    ben, account = team.people["ben"], team.of("ben")[0]
    client = Client()
    client.force_login(team.users["ben"])
    first = owed(account, by=ben)
    with CaptureQueriesContext(connection) as few:
        assert client.get("/my-week").status_code == 200
    kept = {name: getattr(first, name) for name in ("kind", "artifact_kind", "event_at", "opened_at")}
    Loop.objects.bulk_create(
        Loop(key=f"check_in:crm:n{number}", account=account, due_on=DAY, person=ben, **kept)
        for number in range(5_000)
    )
    with CaptureQueriesContext(connection) as many:
        page = client.get("/my-week")

    assert page.status_code == 200 and "things are owed" in page.content.decode()
    assert len(many) <= len(few) + 1 and not Mail.objects.exists()
