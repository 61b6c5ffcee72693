"""What programs write: once for each key, from the version they read, and never by halves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.pages import company

from evenbook.people.models import ServiceToken, User
from evenbook.people.queries import TokenRefused
from evenbook.policy.actions import ensure_first
from evenbook.policy.models import PolicyVersion
from evenbook.rest.models import KeptAnswer
from evenbook.screens.models import SavedView
from evenbook.sources.jobs.working import sender
from evenbook.sources.models import Load

JSON, BYTES = "application/json", "application/octet-stream"
USER = {"mail": "chioma@example.com", "name": "Chioma Obi", "role": "csm", "team": "North"}
ACCOUNTS = b"Account ID,Account Name,Website,Owner\n001,Quarry Tools,quarry.example,Ben Adler\n,,,\n"


@pytest.fixture
def operations(program, team):
    ensure_first(company.NOW)
    return program("operations")


def post(client: Client, path: str, body: object, key: str = "", kind: str = JSON):
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1/{path}", body, content_type=kind, headers=headers)


def patch(client: Client, body: object, if_match: str = "", key: str = ""):
    headers = {name: value for name, value in (("If-Match", if_match), ("Idempotency-Key", key)) if value}
    return client.patch("/api/v1/policy", body, content_type=JSON, headers=headers)


def test_a_write_with_a_key_happens_once_and_is_answered_as_it_was(operations):
    first, again = post(operations, "users", USER, "k1"), post(operations, "users", USER, "k1")

    assert first.status_code == again.status_code == 201 and first.content == again.content
    assert again["Idempotent-Replayed"] == "true" and "Idempotent-Replayed" not in first
    assert User.objects.filter(mail=USER["mail"]).count() == 1
    other = post(operations, "users", {**USER, "role": "leader"}, "k1")
    assert other.status_code == 422 and other.json()["type"] == "/errors/key-reused"
    assert User.objects.get(mail=USER["mail"]).role == "csm"


def test_a_key_belongs_to_who_sent_it_and_lives_for_a_day(operations, program):
    post(operations, "users", USER, "k1")
    program("operations", "people")
    assert (
        post(
            program("operations", "people", team="North"), "users", {**USER, "role": "leader"}, "k1"
        ).status_code
        == 201
    )

    KeptAnswer.objects.update(at=KeptAnswer.objects.first().at - timedelta(hours=25))
    assert post(operations, "users", {**USER, "role": "reader"}, "k1").status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_a_refused_write_keeps_no_key_so_that_it_may_be_mended(operations):
    assert post(operations, "users", {**USER, "mail": "nothing"}, "k1").status_code == 400
    assert not KeptAnswer.objects.exists()
    assert post(operations, "users", USER, "k1").status_code == 201


def test_a_write_that_is_under_way_is_not_begun_twice(operations):
    answers = {"answers": {"date-order-1": "day first"}}
    post(operations, "questions/answers", answers, "k1")
    assert not KeptAnswer.objects.exists()
    assert post(operations, "uploads?name=a.csv", ACCOUNTS, "k2", BYTES).status_code == 201
    KeptAnswer.objects.update(status=None, body="")
    refused = post(operations, "uploads?name=a.csv", ACCOUNTS, "k2", BYTES)

    assert refused.status_code == 409 and refused.json()["type"] == "/errors/under-way"
    assert refused["Retry-After"] == "5" and refused.json()["retry"] is True


def test_the_policy_is_changed_from_the_version_that_was_read(operations):
    read = operations.get("/api/v1/policy")
    hours = read.json()["sections"]["capacity"]["monthly_hours"]
    change = {"note": "Two more hours.", "sections": {"capacity": {"monthly_hours": hours + 2}}}

    assert patch(operations, change).json()["type"] == "/errors/precondition-missing"
    looked = patch(operations, {**change, "dry_run": True}, read["ETag"]).json()
    assert looked["version"] == 1 and looked["changes"][0]["path"] == "capacity.monthly_hours"
    done = patch(operations, change, read["ETag"], "k1").json()
    assert done["version"] == 2 and done["changes"][0]["new"] == hours + 2
    assert patch(operations, change, read["ETag"], "k1").json() == done
    stale = patch(
        operations, {**change, "sections": {"capacity": {"monthly_hours": hours + 5}}}, read["ETag"]
    )
    assert stale.status_code == 412 and stale.json()["type"] == "/errors/outdated"
    assert operations.get("/api/v1/policy")["ETag"] == '"policy-2"' and PolicyVersion.objects.count() == 2
    versions = operations.get("/api/v1/policy/versions").json()["items"]
    assert [each["version"] for each in versions] == [2, 1] and versions[0]["note"] == "Two more hours."
    assert (
        operations.get("/api/v1/policy/versions/1").json()["sections"]["capacity"]["monthly_hours"] == hours
    )
    number = next(each for each in operations.get("/api/v1/policy/numbers?limit=500").json()["items"]
                  if each["path"] == "capacity.monthly_hours")  # fmt: skip
    assert number["value"] == hours + 2 and number["default"] == hours and number["is_own"] is True


def test_a_policy_that_cannot_stand_is_refused_value_by_value(operations):
    change = {"note": "Odd.", "sections": {"capacity": {"monthly_hours": -1, "nosuch": 3}}}
    refused = patch(operations, change, "*")

    assert refused.status_code == 400 and refused.json()["type"] == "/errors/policy-refused"
    assert {each["where"] for each in refused.json()["errors"]} >= {"capacity.monthly_hours"}
    assert patch(operations, {"note": "", "sections": {}}, "no-tag").status_code == 412
    assert PolicyVersion.objects.count() == 1


@pytest.mark.parametrize("role", ["leader", "csm", "executive", "reader"])
def test_a_scope_gives_no_role_more_than_it_may(program, role, in_days):
    client = program(role)
    token = {"name": "T", "role": "operations", "scopes": ["people"], "expires_on": in_days(5)}

    assert patch(client, {"note": "x", "sections": {}}, "*").status_code == 403
    assert post(client, "users", USER).status_code == 403 and post(client, "tokens", token).status_code == 403
    assert post(client, "uploads?name=a.csv", ACCOUNTS, kind=BYTES).status_code == 403
    assert (
        client.get("/api/v1/imports").status_code == 403 and client.get("/api/v1/tokens").status_code == 403
    )


def test_views_are_kept_listed_and_dropped_by_who_owns_them(team):
    ben, chidi = Client(), Client()
    ben.force_login(team.users["ben"])
    chidi.force_login(team.users["chidi"])
    kept = ben.put(
        "/api/v1/views/accounts", {"name": "Mine", "query": "tier=1&page=3"}, content_type=JSON
    ).json()["items"]

    assert kept == [{"view": kept[0]["view"], "view_name": "Mine", "query": "tier=1"}]
    assert chidi.get("/api/v1/views/accounts").json()["items"] == []
    assert (
        chidi.delete(f"/api/v1/kept-views/{kept[0]['view']}").status_code == 204
        and SavedView.objects.exists()
    )
    assert (
        ben.delete(f"/api/v1/kept-views/{kept[0]['view']}").status_code == 204
        and not SavedView.objects.exists()
    )


def test_a_file_is_sent_looked_at_loaded_once_and_looked_back_on(operations):
    sent = post(operations, "uploads?name=accounts.csv", ACCOUNTS, "up-1", BYTES)
    upload = sent.json()

    assert sent.status_code == 201 and upload["load"] is None and upload["files"][0]["file"] == "accounts.csv"
    assert post(operations, "uploads?name=accounts.csv", ACCOUNTS, "up-1", BYTES).json() == upload
    assert post(operations, "uploads?name=accounts.csv", ACCOUNTS + b"x", "up-1", BYTES).status_code == 422
    assert not Load.objects.exists()
    loaded = post(operations, f"uploads/{upload['upload']}/load", "", "load-1").json()
    assert loaded["load"] == Load.objects.get().pk
    assert post(operations, f"uploads/{upload['upload']}/load", "").json()["load"] == loaded["load"]
    assert Load.objects.count() == 1
    one = operations.get(f"/api/v1/imports/{loaded['load']}").json()
    assert one["rows"] == sum(one[name] for name in ("created", "changed", "unchanged", "rejected", "held"))
    assert one["by_name"].startswith("Program") and one["files"][0]["file"] == "accounts.csv"
    assert operations.get("/api/v1/imports").json()["items"][0]["load"] == loaded["load"]
    rejects = operations.get(f"/api/v1/imports/{loaded['load']}/rejects").json()["items"]
    assert len(rejects) == one["rejected"]
    assert operations.get("/api/v1/imports/999").status_code == 404


def test_what_is_no_file_is_not_taken_and_leaves_nothing_behind(operations, settings):
    settings.EVENBOOK_HOME.joinpath("imports").mkdir()
    for name in ("..", "../..", "%2e%2e%2f", ".hidden"):
        assert post(operations, f"uploads?name={name}", ACCOUNTS, kind=BYTES).status_code == 422
    assert (
        operations.generic("POST", "/api/v1/uploads?name=a.csv", b"", CONTENT_TYPE=BYTES).status_code == 422
    )
    assert post(operations, "uploads?name=a.csv", ACCOUNTS, kind="text/csv").status_code == 415
    deep = post(operations, "uploads?name=../../etc/passwd.csv", ACCOUNTS, kind=BYTES).json()
    assert deep["files"][0]["file"] == "etc/passwd.csv"
    assert operations.delete(f"/api/v1/uploads/{deep['upload']}").status_code == 204
    assert operations.get(f"/api/v1/uploads/{deep['upload']}").status_code == 404
    assert list((settings.EVENBOOK_HOME / "imports" / "uploads").iterdir()) == []


def test_an_upload_is_seen_by_the_token_that_sent_it_alone(operations, program):
    upload = post(operations, "uploads?name=accounts.csv", ACCOUNTS, kind=BYTES).json()["upload"]

    assert program("operations", "import").get(f"/api/v1/uploads/{upload}").status_code == 404
    answer = operations.put(
        f"/api/v1/uploads/{upload}/answers", {"answers": {"nothing": "x"}}, content_type=JSON
    )
    assert answer.status_code == 400
    assert post(operations, "questions/answers", {"answers": {"nothing": "x"}}).status_code == 400
    assert operations.get("/api/v1/questions").json() == {"items": [], "next": None, "rows_held": 0}


def test_work_that_goes_on_after_its_request_is_done_as_the_token_that_asked(operations):
    token, now = ServiceToken.objects.get(), datetime.now(UTC)
    by = sender(f"token:{token.pk}", "", now=now)

    assert by is not None and by.is_operations and by.token_id == token.pk
    token.ended_at = now
    token.save()
    with pytest.raises(TokenRefused):
        sender(f"token:{token.pk}", "", now=now)
    assert (
        sender("7", "olu@example.com", now=now).name == "Olu Danjuma" and sender("None", "", now=now) is None
    )
