"""Escalations for programs: what each token lists, opens and resolves, and what they are told."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evenbook.people.models import AuditEntry
from evenbook.records.models import Ticket

JSON = "application/json"
PATH = "/api/v1/escalations"
CAUSE = "Exports have failed since Monday"
FIELDS = {
    "id", "account", "account_name", "cause", "severity", "opened_at", "opened_by", "note", "source", "loop",
    "loop_state",
}  # fmt: skip


def post(client: Client, body: object, path: str = "", key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"{PATH}{path}", body, content_type=JSON, headers=headers)


def body(key: str, **more: Any) -> dict[str, Any]:
    return {"account": key, "cause": CAUSE, "severity": "high", **more}


@pytest.fixture
def key(team: Any) -> str:
    return str(team.of("ben")[0].key)


def test_one_is_opened_listed_and_resolved(program: Any, key: str) -> None:
    client = program("operations")
    made = post(client, body(key, note="They wait."))

    assert made.status_code == 200 and set(made.json()) == FIELDS
    listed = client.get(f"{PATH}?account={key}").json()
    assert set(listed) == {"items", "next", "account", "account_name", "total"} and listed["total"] == 1
    assert listed["items"] == [made.json()]
    assert (made.json()["source"], made.json()["severity"], made.json()["loop"]) == ("evenbook", "high", None)
    assert AuditEntry.objects.get(what="escalation.opened").by_token is not None
    over = {"escalation": made.json()["id"], "note": "Fixed."}
    assert post(client, over, "/resolve").json() == {"id": made.json()["id"], "resolved": True}
    again = post(client, over, "/resolve")
    assert (again.status_code, again.json()["type"]) == (409, "/errors/issue-resolved")
    assert client.get(f"{PATH}?account={key}").json()["items"] == []


def test_a_second_one_is_a_problem_that_names_the_first_and_a_key_sends_it_once(
    program: Any, key: str
) -> None:
    client = program("operations")
    first, again = post(client, body(key), key="k1"), post(client, body(key), key="k1")
    other = post(client, body(key), key="k2")

    assert first.json() == again.json()
    assert (other.status_code, other.json()["type"]) == (409, "/errors/issue-open")
    assert CAUSE in other.json()["detail"] and Ticket.objects.filter(source="evenbook").count() == 1


def test_issues_come_in_pages(program: Any, key: str) -> None:
    client = program("operations")
    ids = [post(client, body(key, cause=f"Case {number} is open")).json()["id"] for number in range(3)]
    page = client.get(f"{PATH}?account={key}&limit=2").json()
    rest = client.get(f"{PATH}?account={key}&limit=2&cursor={page['next']}").json()

    assert [each["id"] for each in (*page["items"], *rest["items"])] == ids
    assert rest["next"] is None and page["total"] == 3


WHO = [
    ("operations", "", 200), ("leader", "", 200), ("leader", "North", 200), ("leader", "South", 403),
    ("reader", "", 403), ("executive", "", 403),
]  # fmt: skip


@pytest.mark.parametrize(("role", "team_name", "status"), WHO)
def test_who_may_open_one_is_who_may_on_the_page(
    program: Any, key: str, role: str, team_name: str, status: int
) -> None:
    client = program(role, team=team_name)

    assert post(client, body(key)).status_code == status
    assert Ticket.objects.filter(source="evenbook").exists() == (status == 200)
    reads = 404 if team_name == "South" else 200
    assert client.get(f"{PATH}?account={key}").status_code == reads


def test_a_scope_is_asked_for(program: Any, key: str) -> None:
    assert post(program("operations", "read"), body(key)).json()["type"] == "/errors/scope-missing"
    assert program("operations", "write").get(f"{PATH}?account={key}").status_code == 403
    assert not Ticket.objects.filter(source="evenbook").exists()


BAD = [
    ({"account": "nobody"}, 404), ({"account": ""}, 404), ({"account": "a\x00b"}, 400),
    ({"cause": ""}, 400), ({"cause": " \n"}, 400), ({"cause": "x" * 5_000}, 400), ({"cause": "x" * 100_000}, 422),
    ({"cause": 7}, 422), ({"cause": None}, 422), ({"severity": "dreadful"}, 400), ({"severity": ""}, 400),
    ({"note": "n" * 5_000}, 400), ({"more": 1}, 422), ({"cause": "\ud800 half a character"}, 400),
]  # fmt: skip


@pytest.mark.parametrize(("given", "status"), BAD, ids=range(len(BAD)))
def test_bad_input_is_a_problem_in_words_and_opens_nothing(
    program: Any, key: str, given: dict[str, Any], status: int
) -> None:
    answer = post(program("operations"), body(key, **given))

    assert answer.status_code in {status, 400} and answer.json()["fix"] and len(answer.content) < 3_000
    assert not Ticket.objects.filter(source="evenbook").exists()


@pytest.mark.parametrize("name", ["", "evenbook:hand-1-1", "x" * 300, "a:b:c"])
def test_an_issue_that_is_not_there_is_a_problem(program: Any, key: str, name: str) -> None:
    answer = post(program("operations"), {"escalation": name}, "/resolve")

    assert (answer.status_code, answer.json()["type"]) == (404, "/errors/no-such-issue")
