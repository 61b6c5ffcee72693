"""Handoffs for programs: announced, confirmed and taken away as pages do it, once a key."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.briefings.handing import announced, short_leave, write_briefs

from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.people.models import AuditEntry, User

JSON = "application/json"
NOW = datetime.now(UTC)
FIRST = (NOW + timedelta(days=20)).date()
FIELDS = {
    "id", "giver", "giver_name", "receiver", "receiver_name", "reason", "first_on", "back_on", "asks", "state",
    "accounts", "confirmed", "announced_at", "days", "note",
}  # fmt: skip


def person(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(mail=f"{name}@example.com"))
    return client


def post(client: Client, path: str, body: object, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/handoffs{path}", body, content_type=JSON, headers=headers)


def body(**more: Any) -> dict[str, Any]:
    usual = {"giver": "ben", "reason": "departure", "first_on": FIRST.isoformat(), "receiver": "chidi"}
    return {**usual, **more}


def test_a_handoff_is_announced_once_a_key_and_given(team: Any) -> None:
    client = person("ben")
    first = post(client, "", body(receivers={"a-00002": "amara"}), key="one")
    again = post(client, "", body(receivers={"a-00002": "amara"}), key="one")
    assert first.status_code == again.status_code == 201 and first.json() == again.json()
    made = first.json()
    assert set(made) == FIELDS and Handoff.objects.count() == 1
    assert (made["asks"], made["state"], made["accounts"], made["confirmed"]) == (
        "transfer_briefs",
        "under_way",
        12,
        0,
    )
    assert client.get(f"/api/v1/handoffs/{made['id']}").json() == made
    listed = client.get("/api/v1/handoffs").json()
    assert listed["items"] == [made] and (listed["total"], listed["median_days"]) == (1, None)


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"receiver": "ben"}, "handoff-refused"),
        ({"first_on": "soon"}, "handoff-refused"),
        ({"first_on": "2020-01-01"}, "handoff-refused"),
        ({"reason": "leave"}, "handoff-refused"),
        ({"reason": "leave", "back_on": FIRST.isoformat()}, "handoff-refused"),
        ({"receivers": {"a-00001": "amara"}}, "handoff-refused"),
        ({"giver": "chidi"}, "handoff-not-yours"),
    ],
)
def test_what_can_not_be_is_refused_in_words(team: Any, more: dict[str, Any], kind: str) -> None:
    answer = post(person("ben"), "", body(**more))
    assert answer.status_code in {400, 403} and answer.json()["type"].endswith(kind)
    assert answer.json()["detail"] and not Handoff.objects.exists()


def test_accounts_are_listed_confirmed_and_taken_back(team: Any) -> None:
    handoff = announced(now=NOW, first_on=FIRST)
    write_briefs(handoff, now=NOW)
    chidi, path = person("chidi"), f"/{handoff.pk}"
    rows = chidi.get(f"/api/v1/handoffs{path}/accounts").json()
    assert rows["total"] == 12 and {each["standing"] for each in rows["items"]} == {"ready"}
    assert rows["items"][0]["loop"].startswith("change_of_owner:")
    assert post(chidi, f"{path}/confirm", {"account": "a-00000"}).json()["confirmed"] == 1
    assert post(chidi, f"{path}/confirm", {"account": "a-00000"}).json()["confirmed"] == 1
    open_ones = chidi.get(f"/api/v1/handoffs{path}/accounts?status=open&limit=2").json()
    assert open_ones["total"] == 11 and len(open_ones["items"]) == 2 and open_ones["next"]
    assert post(chidi, f"{path}/confirm", {"account": "a-00000", "undo": True}).json()["confirmed"] == 0
    refused = post(person("ben"), f"{path}/confirm", {"account": "a-00000"})
    assert refused.status_code == 403 and not HandoffAccount.objects.exclude(confirmed_at=None).exists()
    assert post(chidi, "/987654/confirm", {"account": "a-00000"}).status_code == 404


def test_a_note_a_receiver_and_calling_off(team: Any) -> None:
    handoff = short_leave(now=NOW, first_on=FIRST)
    ben, path = person("ben"), f"/{handoff.pk}"
    assert post(ben, f"{path}/note", {"note": "n/a"}).status_code == 400
    note = "Chidi covers these days, and nothing but the renewal is open."
    assert post(ben, f"{path}/note", {"note": note}).json()["note"] == note
    assert post(ben, f"{path}/receiver", {"account": "a-00000", "receiver": "amara"}).status_code == 200
    assert post(person("chidi"), f"{path}/confirm", {}).json()["confirmed"] == 11
    assert ben.post(f"/api/v1/handoffs{path}/call-off").json()["state"] == "called_off"
    assert post(person("amara"), f"{path}/confirm", {}).status_code == 409


@pytest.mark.parametrize("kind", ["pdf", "docx", "html"])
def test_the_pack_comes_as_a_file_and_that_is_recorded(team: Any, program: Any, kind: str) -> None:
    handoff = announced(now=NOW, first_on=FIRST)
    client = program("operations", "read")
    answer = client.get(f"/api/v1/handoffs/{handoff.pk}/pack?format={kind}")
    assert answer.status_code == 200 and answer.content
    assert answer["Content-Disposition"] == f'attachment; filename="handoff-ben-{FIRST}.{kind}"'
    brief = client.get(f"/api/v1/handoffs/{handoff.pk}/pack?format={kind}&account=a-00000")
    assert brief["Content-Disposition"].endswith(f'-a-00000.{kind}"')
    assert [each.rows for each in AuditEntry.objects.filter(what="export.taken").order_by("pk")] == [12, 1]
    assert (
        client.get(f"/api/v1/handoffs/{handoff.pk}/pack?format=exe").json()["type"].endswith("no-such-format")
    )
    assert client.get("/api/v1/handoffs/987654/pack").status_code == 404


def test_a_token_that_may_only_read_writes_nothing(team: Any, program: Any) -> None:
    handoff = announced(now=NOW, first_on=FIRST)
    client = program("operations", "read")
    assert post(client, "", body()).status_code == 403
    assert client.post(f"/api/v1/handoffs/{handoff.pk}/call-off").status_code == 403
    assert Handoff.objects.get().called_off_at is None
