"""Loops for programs: what each token lists, closes, waives and takes, and what they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from tests.closures.owing import answers, owed

from evenbook.closures.models import Loop
from evenbook.people.models import AuditEntry
from evenbook.policy.actions import ensure_first
from evenbook.records.models import Artifact

JSON = "application/json"
TODAY = datetime.now(UTC).date()
FIELDS = {
    "id", "account", "account_name", "kind", "kind_name", "artifact", "owner", "owner_name", "opened_on",
    "due_on", "closed_on", "state", "waiver", "opened_by", "cohort",
}  # fmt: skip


def post(client: Client, path: str, body: object, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/loops/{path}", body, content_type=JSON, headers=headers)


def note(loop: Loop, **more: Any) -> dict[str, Any]:
    return {"loop": loop.key, "answers": answers("check_in_note", today=TODAY, **more)}


def listed(client: Client, query: str = "") -> list[str]:
    return [each["id"] for each in client.get(f"/api/v1/loops?{query}").json()["items"]]


def person(name: str) -> Client:
    from evenbook.people.models import User

    client = Client()
    client.force_login(User.objects.get(mail=f"{name}@example.com"))
    return client


@pytest.fixture
def loops(team: Any) -> dict[str, Loop]:
    """Return one loop of Ben's that is overdue, one of Chidi's and one of the pool's."""
    ben, chidi = team.people["ben"], team.people["chidi"]
    return {
        "ben": owed(team.of("ben")[0], by=ben, due_on=TODAY - timedelta(days=4)),
        "chidi": owed(team.of("chidi")[0], by=chidi, due_on=TODAY, kind="escalation"),
        "pool": owed(team.accounts[7], by=team.pool, due_on=TODAY + timedelta(days=2)),
    }


def test_a_loop_has_its_shape_and_those_due_first_come_first(loops: dict[str, Loop], program: Any) -> None:
    answer = program("operations", "read").get("/api/v1/loops").json()

    assert set(answer) == {"items", "next", "as_of", "policy_version", "total"} and answer["total"] == 3
    assert [set(each) for each in answer["items"]] == [FIELDS] * 3
    first = answer["items"][0]
    assert first["id"] == loops["ben"].key == "check_in:crm:e1" and first["opened_by"] == "crm:e1"
    assert (first["owner"], first["owner_name"], first["state"]) == ("ben", "Ben Adler", "overdue")
    assert [each["owner"] for each in answer["items"]] == ["ben", "chidi", "pool:digital"]
    assert (first["closed_on"], first["waiver"], first["artifact"]) == (None, None, "check_in_note")


def test_loops_are_asked_for_by_owner_account_kind_and_page(loops: dict[str, Loop], program: Any) -> None:
    client, keys = program("operations", "read"), {name: each.key for name, each in loops.items()}

    assert listed(client, "owner=ben") == [keys["ben"]]
    assert listed(client, "owner=pool:digital") == [keys["pool"]] and listed(client, "owner=nobody") == []
    assert listed(client, f"account={loops['chidi'].account.key}") == listed(client, "kind=escalation")
    page = client.get("/api/v1/loops?limit=2").json()
    rest = client.get(f"/api/v1/loops?limit=2&cursor={page['next']}").json()
    assert [each["id"] for each in (*page["items"], *rest["items"])] == list(keys.values())
    assert rest["next"] is None


@pytest.mark.parametrize("name", ["ben", "chidi", "amara", "lena", "olu", "rea", "edda"])
def test_everybody_reads_loops_while_policy_leaves_them_open(loops: dict[str, Loop], name: str) -> None:
    assert len(listed(person(name))) == 3


@pytest.mark.parametrize(
    ("name", "sees"),
    [("ben", {"ben"}), ("chidi", {"chidi", "pool"}), ("amara", {"ben"}), ("lena", {"ben", "chidi", "pool"})],
)
def test_closed_by_policy_each_reads_the_loops_of_their_own_book(
    loops: dict[str, Loop], team: Any, name: str, sees: set[str]
) -> None:
    ensure_first(team.run.started_at, but={"book": {"others_accounts_open": False}})
    keys = {each.key: owner for owner, each in loops.items()}

    assert {keys[each] for each in listed(person(name))} == sees
    hidden = next((each for owner, each in loops.items() if owner not in sees), None)
    if hidden is not None:
        assert post(person(name), "take", {"loop": hidden.key}).status_code in {403, 404}


def test_closing_says_whether_it_is_closed_or_what_is_missing(loops: dict[str, Loop], program: Any) -> None:
    client, loop = program("operations", "read", "write"), loops["ben"]
    refused = post(client, "close", note(loop, summary="N/A"))

    assert refused.status_code == 200
    assert (
        set(refused.json()) == {"loop", "closed", "refusals", "waits_for"}
        and refused.json()["closed"] is False
    )
    assert [each["field"] for each in refused.json()["refusals"]] == ["summary"]
    done = post(client, "close", note(loop))
    assert done.json() == {"loop": loop.key, "closed": True, "refusals": [], "waits_for": []}
    assert loop.key not in listed(client)
    (row,) = (each for each in client.get("/api/v1/loops?all=true").json()["items"] if each["id"] == loop.key)
    assert (row["state"], row["closed_on"]) == ("closed_late", TODAY.isoformat())
    assert AuditEntry.objects.get(what="loop.closed").by_token is not None


def test_as_of_a_past_day_a_loop_is_what_it_was(loops: dict[str, Loop], program: Any, team: Any) -> None:
    client, loop, day = program("operations"), loops["ben"], date(2026, 3, 12)
    opened_at = datetime(2026, 3, 10, tzinfo=UTC)
    Loop.objects.filter(pk=loop.pk).update(opened_at=opened_at, event_at=opened_at, due_on=day)
    assert post(client, "close", note(loop)).json()["closed"]

    def state(as_of: str) -> list[tuple[str, Any]]:
        items = client.get(f"/api/v1/loops?all=true&owner=ben&as_of={as_of}").json()["items"]
        return [(each["state"], each["closed_on"]) for each in items]

    assert state("2026-03-09") == []
    assert state("2026-03-12") == [("open", None)] and state("2026-03-13") == [("overdue", None)]
    assert state(TODAY.isoformat()) == [("closed_late", TODAY.isoformat())]
    assert client.get("/api/v1/loops?as_of=2020-01-01").status_code == 404
    assert client.get("/api/v1/loops?as_of=soon").status_code == 422


CLOSES = {"ben": 200, "amara": 200, "lena": 200, "olu": 200, "chidi": 403, "rea": 403, "edda": 403}


@pytest.mark.parametrize(("name", "status"), CLOSES.items())
def test_who_may_close_is_who_may_on_the_page(
    loops: dict[str, Loop], program: Any, name: str, status: int
) -> None:
    roles = {"amara": ("leader", "North"), "lena": ("leader", ""), "olu": ("operations", "")}
    roles |= {"chidi": ("leader", "South"), "rea": ("reader", ""), "edda": ("executive", "")}
    if name == "ben":
        role, of_team = "csm", "North"
        assert post(program(role, team=of_team), "close", note(loops["ben"])).status_code == 403
        return
    role, of_team = roles[name]
    found = post(program(role, team=of_team), "close", note(loops["ben"]))

    assert found.status_code == status
    loops["ben"].refresh_from_db()
    assert (loops["ben"].closed_at is not None) == (status == 200)


def test_a_token_that_may_only_read_changes_nothing(loops: dict[str, Loop], program: Any) -> None:
    client = program("operations", "read")
    for path, more in (("close", {"answers": {}}), ("waive", {"reason": "overloaded"}), ("take", {})):
        answer = post(client, path, {"loop": loops["ben"].key, **more})
        assert (answer.status_code, answer.json()["type"]) == (403, "/errors/scope-missing")
    assert program("operations", "write").get("/api/v1/loops").status_code == 403


def test_a_leader_waives_by_token_and_others_do_not(loops: dict[str, Loop], program: Any) -> None:
    body = {"loop": loops["ben"].key, "reason": "requirement", "note": "Twice a week is too much."}
    for role, team in (("operations", ""), ("csm", "North"), ("leader", "South"), ("reader", "")):
        assert post(program(role, team=team), "waive", body).status_code in {400, 403}
    client = program("leader", team="North")
    for reason in ("the customer already knows", ""):
        wrong = post(client, "waive", {**body, "reason": reason})
        assert wrong.status_code in {400, 422}

    assert not Loop.objects.exclude(waived_at=None).exists()
    assert post(client, "waive", body).json() == {"loop": loops["ben"].key, "state": "waived"}
    again = post(client, "waive", body)
    assert (again.status_code, again.json()["type"]) == (409, "/errors/loop-done")
    (row,) = client.get("/api/v1/loops?all=true&owner=ben").json()["items"]
    assert (row["state"], row["waiver"]) == ("waived", "requirement")


def test_what_a_pool_owes_is_taken_by_people_and_by_no_token(loops: dict[str, Loop], program: Any) -> None:
    body, client = {"loop": loops["pool"].key}, program("operations")
    assert post(client, "take", body).status_code == 403
    assert post(client, "take", {"loop": "check_in:no"}).status_code == 404
    assert post(person("ben"), "take", body).status_code == 403
    loops["pool"].refresh_from_db()
    assert loops["pool"].taken_by is None

    Loop.objects.filter(pk=loops["pool"].pk).update(due_on=TODAY - timedelta(days=1))
    assert post(person("chidi"), "take", body).json() == {**body, "state": "overdue"}
    assert listed(client, "owner=chidi") == [loops["pool"].key, loops["chidi"].key]


def test_a_closing_with_a_key_happens_once_and_is_answered_as_it_was(
    loops: dict[str, Loop], program: Any
) -> None:
    client, body = program("operations"), note(loops["ben"])
    first, again = post(client, "close", body, "k1"), post(client, "close", body, "k1")
    other = post(client, "close", body, "k2")

    assert first.json() == again.json() and again["Idempotent-Replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (409, "/errors/loop-done")
    assert Artifact.objects.filter(closes=loops["ben"].key).count() == 1


@pytest.mark.parametrize("given", [None, 7, "text", ["summary"], [{"summary": "x"}]])
def test_answers_that_are_no_mapping_are_refused_as_a_problem(
    loops: dict[str, Loop], program: Any, given: Any
) -> None:
    answer = post(program("operations"), "close", {"loop": loops["ben"].key, "answers": given})

    assert answer.status_code in {400, 422} and answer.json()["errors"]
    assert not Loop.objects.exclude(closed_at=None).exists()


@pytest.mark.parametrize(
    "summary",
    [
        "x" * 100_000,
        "\x00",
        "\ud800 half of a character only",
        7,
        ["a"],
        {"a": {"b": ["c"] * 1000}},
        1e308,
        " \n",
    ],
    ids=range(8),
)
def test_hostile_answers_are_refused_in_words(loops: dict[str, Loop], program: Any, summary: Any) -> None:
    import json

    body = json.dumps(note(loops["ben"], summary=summary, **{"un\x00known": 1}))
    answer = post(program("operations"), "close", body)

    assert answer.status_code in {200, 400, 413, 422}
    if answer.status_code == 200:
        said = answer.json()
        assert said["closed"] is False and said["refusals"] and len(answer.content) < 5_000
    assert not Loop.objects.exclude(closed_at=None).exists()


@pytest.mark.parametrize("key", ["", "check_in:nothing", "x" * 400, "a\x00b"], ids=range(4))
def test_a_loop_that_is_not_there_is_a_problem(loops: dict[str, Loop], program: Any, key: str) -> None:
    answer = post(program("operations"), "close", {"loop": key, "answers": {}})

    assert answer.status_code == {"a\x00b": 400, "x" * 400: 422}.get(key, 404)
    assert answer.json()["fix"]
