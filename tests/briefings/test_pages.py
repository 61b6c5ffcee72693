"""Pages of handoffs: the list, one with its accounts, the form that starts one; each role, whatever was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.briefings.handing import announced, of_ben, short_leave, write_briefs

from evenbook.book.models import Account, Handover, Ownership
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.people.models import AuditEntry
from evenbook.runs.models import Run

NOW = datetime.now(UTC)
FIRST = (NOW + timedelta(days=20)).date()
PART = {"X-Evenbook-Part": "row"}
EVIL = '<img src=x onerror="hit()"><script>hit()</script>\'"`{{7*7}}'
NOTE = "Chidi covers; the renewal of Northwind is on the third, and nothing else is open."


def made(by: str = "ben", **more: Any) -> Handoff:
    return announced(by, now=NOW, **{"first_on": FIRST, **more})


def typed(**more: str) -> dict[str, str]:
    usual = {
        "giver": "ben",
        "reason": "departure",
        "first_on": FIRST.isoformat(),
        "back_on": "",
        "receiver": "chidi",
    }
    return {**usual, **more}


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return answer.content.decode()


def test_a_handoff_is_previewed_then_announced(as_user: Callable[[str], Client], team: Any) -> None:
    client = as_user("ben")
    assert "Nobody hands a book over." in text_of(client, "/handoffs")
    preview = client.post("/handoffs/new", typed(step="preview")).content.decode()
    assert "Four accounts go from Ben Adler to others, and a transfer brief of each is asked for." in preview
    assert not Handoff.objects.exists()

    own = {f"receiver-{of_ben(team).pk}": "amara"}
    answer = client.post("/handoffs/new", typed(step="announce", **own))
    handoff = Handoff.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/handoffs/{handoff.pk}")
    assert Handover.objects.get(account=of_ben(team)).receiver.key == "amara"
    page = text_of(client, f"/handoffs/{handoff.pk}")
    assert "Chidi Eze receives 3" in page and "Amara Okafor receives 1" in page
    assert "handoff is under way" in text_of(client, "/handoffs")


def test_a_short_leave_says_that_one_note_is_enough(as_user: Callable[[str], Client]) -> None:
    back = (FIRST + timedelta(days=7)).isoformat()
    preview = as_user("ben").post("/handoffs/new", typed(reason="leave", back_on=back)).content.decode()
    assert "one cover note is asked for" in preview and "5 working days away" in preview


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"first_on": ""}, "The first day away is not given."),
        ({"first_on": "soon"}, "The first day away is not a day."),
        ({"first_on": "2020-01-01"}, "is past"),
        ({"reason": EVIL}, "is no reason to hand a book over"),
        ({"receiver": EVIL}, "in the team"),
        ({"receiver": "ben"}, "Nobody hands accounts over to themselves"),
        ({"reason": "leave", "back_on": "x"}, "The day back is not a day."),
        ({"reason": "leave"}, "A leave needs the day back"),
        ({"giver": "chidi"}, "not yours to hand over"),
        ({"giver": "a\x00"}, "There is nobody"),
    ],
)
@pytest.mark.parametrize("step", ["preview", "announce"])
def test_what_can_not_be_is_refused_and_what_was_typed_stays(
    as_user: Callable[[str], Client], more: dict[str, str], said: str, step: str
) -> None:
    answer = as_user("ben").post("/handoffs/new", typed(step=step, **more))
    text = answer.content.decode()
    assert answer.status_code in {422, 403} and said in text and "Nothing was changed." in text
    assert "<script>hit" not in text and not Handoff.objects.exists()


def test_a_receiver_confirms_in_place_and_takes_it_back(as_user: Callable[[str], Client], team: Any) -> None:
    handoff = made()
    write_briefs(handoff, now=NOW)
    chidi, path = as_user("chidi"), f"/handoffs/{handoff.pk}/confirm"
    assert "To confirm: 4 accounts of Ben Adler" in text_of(chidi, "/my-week")
    row = chidi.post(path, {"account": "a-00000"}, headers=PART)
    assert row["X-Evenbook-Part"] == "row" and "<html" not in row.content.decode()
    assert "confirmed" in row.content.decode() and "Undo" in row.content.decode()
    assert "To confirm: 3 accounts" in text_of(chidi, "/my-week")
    undone = chidi.post(path, {"account": "a-00000", "undo": "yes"}, headers=PART).content.decode()
    assert "to confirm" in undone and not HandoffAccount.objects.exclude(confirmed_at=None).exists()
    assert chidi.post(path, {"account": "a-00000"})["Location"] == f"/handoffs/{handoff.pk}"
    assert HandoffAccount.objects.exclude(confirmed_at=None).count() == 1


def test_confirming_for_somebody_else_is_refused_in_the_row(as_user: Callable[[str], Client]) -> None:
    handoff = made()
    write_briefs(handoff, now=NOW)
    answer = as_user("ben").post(f"/handoffs/{handoff.pk}/confirm", {"account": "a-00000"}, headers=PART)
    assert answer.status_code == 403 and "nobody confirms it for them" in answer.content.decode()
    assert not HandoffAccount.objects.exclude(confirmed_at=None).exists()
    assert as_user("ben").post("/handoffs/987654/confirm", {"account": "a-00000"}).status_code == 404


def test_a_cover_note_begins_with_what_is_known_and_is_confirmed_with_one_button(
    as_user: Callable[[str], Client], team: Any
) -> None:
    handoff = short_leave(now=NOW, first_on=FIRST)
    ben, chidi, path = as_user("ben"), as_user("chidi"), f"/handoffs/{handoff.pk}"
    assert "Write the cover note of your leave" in text_of(ben, "/my-week")
    assert "Who covers how many accounts: Chidi Eze for 4." in text_of(ben, path)
    refused = ben.post(f"{path}/note", {"note": f"n/a {EVIL}"[:3]})
    assert refused.status_code == 422 and "What you typed is still here" in refused.content.decode()
    ben.post(f"{path}/note", {"note": f"{NOTE} {EVIL}"})
    page = text_of(chidi, path)
    assert "the renewal of Northwind is on the third" in page and "<script>hit" not in page
    chidi.post(f"{path}/confirm")
    assert "all are confirmed" in text_of(chidi, path)
    assert Handoff.objects.get().note.startswith(NOTE)


def test_a_handoff_can_be_redirected_and_called_off_on_its_page(as_user: Callable[[str], Client]) -> None:
    handoff = made()
    path = f"/handoffs/{handoff.pk}"
    assert "Pass it on" in text_of(as_user("amara"), path) and "Pass it on" not in text_of(
        as_user("chidi"), path
    )
    as_user("amara").post(f"{path}/receiver", {"account": "a-00002", "receiver": "lena"})
    as_user("amara").post(f"{path}/receiver", {"account": "a-00002", "receiver": "amara"})
    assert Handover.objects.get(account__key="a-00002").receiver.key == "amara"
    assert "is not yours to change" in as_user("chidi").post(f"{path}/call-off", follow=True).content.decode()
    as_user("ben").post(f"{path}/call-off")
    assert "was called off" in text_of(as_user("chidi"), path)
    assert "To confirm" not in text_of(as_user("chidi"), "/my-week")


def test_hostile_names_are_shown_as_they_are(as_user: Callable[[str], Client], team: Any) -> None:
    Account.objects.filter(key="a-00000").update(name=EVIL)
    handoff = made()
    for path in (
        f"/handoffs/{handoff.pk}",
        f"/handoffs/{handoff.pk}/pack",
        f"/handoffs/{handoff.pk}/briefs/a-00000",
    ):
        page = text_of(as_user("ben"), path)
        assert "&lt;script&gt;hit()" in page and "<script>hit" not in page


def test_the_accounts_of_a_handoff_filter_sort_and_export(
    as_user: Callable[[str], Client], team: Any
) -> None:
    handoff = made()
    client, path = as_user("ben"), f"/handoffs/{handoff.pk}"
    assert "Kestrel" not in text_of(client, f"{path}?q=north") and "Northwind" in text_of(
        client, f"{path}?q=north"
    )
    assert "No account matches these filters." in text_of(client, f"{path}?status=confirmed")
    sheet = client.get(f"{path}?export=csv")
    assert (
        sheet["Content-Disposition"].endswith('accounts.csv"') and sheet.content.decode().count("chidi") == 4
    )
    assert AuditEntry.objects.filter(what="export.taken").count() == 1


@pytest.mark.parametrize("name", ["edda", "rea", "chidi"])
def test_who_may_only_read_is_offered_nothing_to_change(as_user: Callable[[str], Client], name: str) -> None:
    handoff = made()
    page = text_of(as_user(name), f"/handoffs/{handoff.pk}")
    assert "Call the handoff off" not in page and "data-confirm" not in page


def test_before_the_first_week_a_handoff_has_no_pack(as_user: Callable[[str], Client]) -> None:
    handoff = made()
    Run.objects.update(is_current=False)
    client = as_user("ben")
    assert "The pack is there after the first weekly run." in text_of(client, f"/handoffs/{handoff.pk}")
    assert "weekly run" in text_of(client, f"/handoffs/{handoff.pk}/pack")
    assert client.get(f"/handoffs/{handoff.pk}/pack?format=pdf").status_code == 200


def counted(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


@pytest.mark.parametrize("path", ["", "/pack", "/pack?format=html"])
def test_a_page_asks_as_many_questions_of_a_large_book_as_of_a_small_one(
    as_user: Callable[[str], Client], team: Any, path: str
) -> None:
    client = as_user("ben")
    few = made(first_on=FIRST)
    before = counted(client, f"/handoffs/{few.pk}{path}")
    few.accounts.all().delete()
    Handoff.objects.all().delete()
    ben = team.people["ben"]
    more = Account.objects.bulk_create(
        Account(key=f"b-{number}", name=f"Invented {number}", matched_name="x", known_at=NOW)
        for number in range(200)
    )
    Ownership.objects.bulk_create(
        Ownership(account=each, person=ben, source="x", happened_at=NOW, known_at=NOW) for each in more
    )
    many = made(first_on=FIRST)
    assert many.accounts.count() == 204
    assert counted(client, f"/handoffs/{many.pk}{path}") <= before + 1
