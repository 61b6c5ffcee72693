"""What programs read: the same as pages, for the same people, in pages, with the fields they want."""

from __future__ import annotations

import json
import statistics
import time
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.pages import company

from evenbook.capacity.models import RoleWeek
from evenbook.rest import rates
from evenbook.runs.models import Run
from evenbook.site.urls import API

READS = (
    "accounts",
    "accounts?state=at_risk&coverage=gaps&sort=-score",
    "accounts/a-00002",
    "accounts/a-00002/timeline",
    "people",
    "team-week",
    "my-week?person=ben",
    "loops",
    "loops?all=true&owner=ben",
    "coverage",
    "coverage/audit",
    "hot-sheet",
    "transitions",
    "measures",
    "measures/effort_load/values?weeks=13",
    "measures/covered/figure",
    "weeks",
    "policy",
    "policy/numbers",
    "users",
    "teams",
)


def ask(client: Client, path: str):
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


def every_row(client: Client, path: str, limit: int) -> list[dict]:
    found, cursor = [], ""
    while cursor is not None:
        page = ask(client, f"{path}limit={limit}&cursor={cursor}")
        found, cursor = found + page["items"], page["next"]
    return found


@pytest.mark.golden
def test_the_description_is_as_it_was(golden):
    text = json.dumps(API.get_openapi_schema(), indent=1, ensure_ascii=False)

    golden("openapi.json", text + "\n")


@pytest.mark.golden
def test_endpoints_take_no_more_queries_than_they_did(program, golden, monkeypatch):
    count, noon = rates.count, datetime(2026, 3, 9, 12, tzinfo=UTC)  # a new minute takes six queries more
    monkeypatch.setattr(rates, "count", lambda asker, *, limit, now: count(asker, limit=limit, now=noon))
    client = program("operations")
    lines = []
    for path in READS:
        ask(client, path)  # what a process looks up once is not counted
        with CaptureQueriesContext(connection) as taken:
            ask(client, path)
        lines.append(f"{len(taken):3} {path}\n")

    golden("api_queries.txt", "".join(lines))


def test_pages_of_a_list_are_put_together_to_the_whole_list_in_its_order(program):
    client = program("reader", "read")
    whole = ask(client, "accounts?limit=500")

    assert every_row(client, "accounts?", 7) == whole["items"] and whole["total"] == len(whole["items"]) == 24
    assert [row["arr"] for row in whole["items"][:2]] == [310_000.0, 303_000.0]
    for path in ("coverage?", "hot-sheet?", "measures/covered/figure?", "accounts/a-00002/timeline?"):
        assert every_row(client, path, 2) == ask(client, f"{path}limit=500")["items"]


def test_a_cursor_belongs_to_its_question_and_to_its_week(program, team):
    client = program("reader", "read")
    cursor = ask(client, "accounts?limit=5&tier=1")["next"]

    assert client.get(f"/api/v1/accounts?limit=5&cursor={cursor}").status_code == 422
    assert client.get(f"/api/v1/accounts?limit=5&tier=1&cursor={cursor}&fields=arr").status_code == 200
    assert client.get("/api/v1/accounts?cursor=nonsense").json()["type"] == "/errors/cursor-refused"
    Run.objects.create(
        kind="week", as_of=company.AS_OF.replace(day=16), policy_version=1, started_at=company.NOW,
        ended_at=company.NOW, by="sample", fingerprint="g",
    )  # fmt: skip
    assert client.get(f"/api/v1/accounts?limit=5&tier=1&cursor={cursor}").status_code == 422


def test_fields_narrow_a_list_and_a_thing_and_an_unknown_one_is_refused(program):
    client = program("reader", "read")

    rows = ask(client, "accounts?limit=2&fields=account_name,arr")["items"]
    assert rows == [
        {"account_name": "Northwind Foods", "arr": 310000.0},
        {"account_name": "Kestrel Bio", "arr": 303000.0},
    ]
    assert ask(client, "accounts/a-00002?fields=account_name,domain") == {
        "account_name": "Harbor Freight Lines", "domain": "account2.example",
    }  # fmt: skip
    refused = client.get("/api/v1/accounts?fields=account_name,salary")
    assert refused.status_code == 422 and refused.json()["errors"][0]["where"] == "query.fields"


def test_an_answer_that_has_not_changed_is_not_sent_again(program):
    client = program("reader", "read")
    first = client.get("/api/v1/accounts?limit=3")
    again = client.get("/api/v1/accounts?limit=3", headers={"If-None-Match": f'"other", {first["ETag"]}'})

    assert again.status_code == 304 and again.content == b"" and again["ETag"] == first["ETag"]
    assert client.get("/api/v1/accounts?limit=4", headers={"If-None-Match": first["ETag"]}).status_code == 200
    assert client.get("/api/v1/policy")["ETag"] == '"policy-0"'


def test_a_token_sees_what_its_role_sees_and_nothing_else(program, team):
    reader, nobody, leader = (
        program("reader", "read"),
        program("csm", "read"),
        program("leader", "read", team="North"),
    )

    assert ask(reader, "accounts")["total"] == 24
    assert ask(nobody, "accounts")["total"] == 0 and nobody.get("/api/v1/accounts/a-00000").status_code == 404
    assert all(row["arr"] is None for row in ask(nobody, "coverage")["items"])
    assert nobody.get("/api/v1/my-week?person=ben").status_code == 404
    assert nobody.get("/api/v1/accounts?book=ben").status_code == 404
    assert ask(leader, "me")["role"] == "leader"
    ended = {row["subject_kind"] for row in ask(program("executive", "read"), "people")["items"]}
    assert ended <= {"team", "pool"}


def test_what_a_signed_in_person_sees_through_the_api_is_what_their_pages_show(team):
    ben = Client()
    ben.force_login(team.users["ben"])

    assert ask(ben, "me") == {
        "user_name": "Ben Adler", "role": "csm", "surface": "api", "scopes": None, "token": None, "may_write": True,
    }  # fmt: skip
    assert ask(ben, "accounts")["total"] == 12 and ben.get("/api/v1/accounts/a-00001").status_code == 404
    assert [row["subject"] for row in ask(ben, "people")["items"] if row["subject_kind"] == "csm"] == ["ben"]
    assert {row["subject"] for row in ask(ben, "measures/effort_load/values?kind=csm")["items"]} == {"ben"}


def test_every_value_of_a_measure_opens_into_rows_that_add_up_to_it(program):
    client = program("operations", "read")
    for value in ask(client, "measures/covered/values")["items"]:
        figure = client.get(value["rows"]).json()

        assert figure["value"] == pytest.approx(value["value"])
        assert sum(row["part"] for row in figure["items"]) == pytest.approx(figure["part"])
    assert client.get("/api/v1/measures/nothing").status_code == 404
    assert client.get("/api/v1/measures/covered/figure?kind=csm&subject=nobody").status_code == 404


def test_an_account_opens_into_all_that_its_page_shows(program):
    found = ask(program("operations", "read"), "accounts/a-00002")

    assert found["week"]["state"] == "at_risk" and found["hot_rank"] == 1
    assert found["health_terms"][0]["text"] == company.CAUSE and found["week"]["currency"] == "USD"
    assert 100 - sum(each["points"] for each in found["health_terms"]) == found["week"]["health_score"]
    assert found["transitions"][0]["to_state"] == "at_risk"


def test_roles_are_told_of_an_account_and_of_a_week(program, team):
    client = program("operations", "read")
    account = team.of("chidi")[0]
    assert ask(client, f"accounts/{account.key}")["roles"] == []
    given = {"run": team.run, "account": account, "works": True, "hours": 1.5}
    RoleWeek.objects.create(role="onboarding", person=team.people["ben"], **given)

    assert ask(client, f"accounts/{account.key}")["roles"] == [
        {"role": "onboarding", "role_name": "Onboarding owner", "holder": "ben", "holder_name": "Ben Adler",
         "works": True, "hours": 1.5}
    ]  # fmt: skip
    (row,) = ask(client, "my-week?person=ben")["in_roles"]
    assert row == {
        "account": account.key, "account_name": account.name, "owner": "chidi", "owner_name": "Chidi Eze",
        "roles": ["onboarding"], "works": True, "hours": 1.5,
    }  # fmt: skip
    assert ask(client, "my-week?person=chidi")["in_roles"] == []


def test_where_no_week_was_run_yet_the_api_says_so(db, settings, tmp_path):
    from evenbook.people.actions import add_user
    from evenbook.people.viewer import SYSTEM

    user = add_user(SYSTEM, mail="olu@example.com", name="Olu Danjuma", role="operations", now=company.NOW)
    client = Client()
    client.force_login(user)

    refused = client.get("/api/v1/accounts")
    assert refused.status_code == 404 and refused.json()["type"] == "/errors/no-week"
    assert "evenbook week" in refused.json()["fix"] and ask(client, "weeks")["items"] == []


@pytest.mark.slow
def test_a_page_of_a_hundred_of_ten_thousand_accounts_takes_under_100_ms(db, settings):
    settings.EVENBOOK_API_REQUESTS_A_MINUTE = 10**6
    client = Client()
    client.force_login(company.build(10_000).users["amara"])
    taken = []
    for _ in range(9):
        start = time.process_time()
        assert len(ask(client, "accounts?limit=100")["items"]) == 100
        taken.append(time.process_time() - start)

    assert statistics.median(taken) < 0.1, f"{statistics.median(taken) * 1000:.0f} ms"
