"""Every refusal is a problem that a program can read: what happened, how to mend it."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from evenbook.people.models import ServiceToken
from evenbook.rest import rates
from evenbook.rest.models import Lease
from evenbook.site.urls import API

FIELDS = {"type", "title", "status", "detail", "fix", "retry", "instance", "errors"}
JSON = "application/json"


def problem(answer, status: int, kind: str) -> dict:
    """Return a refusal, once it is clear that it has the shape of all."""
    assert answer.status_code == status and answer["Content-Type"] == "application/problem+json", (
        answer.content
    )
    said = answer.json()
    assert set(said) == FIELDS and said["status"] == status and said["type"] == f"/errors/{kind}"
    assert said["detail"] and said["fix"]
    return said


def test_without_a_token_or_with_a_wrong_one_nothing_opens(team, program):
    stranger = Client()
    answer = stranger.get("/api/v1/accounts")

    problem(answer, 401, "not-signed-in")
    assert answer["WWW-Authenticate"].startswith("Bearer")
    for header in ("Bearer evb_wrong", "Bearer ", "Basic abc", "evb_wrong", f"Bearer {'x' * 5000}"):
        assert stranger.get("/api/v1/me", headers={"Authorization": header}).status_code == 401


def test_a_wrong_token_is_not_made_good_by_a_session(team):
    client = Client()
    client.force_login(team.users["olu"])

    problem(client.get("/api/v1/me", headers={"Authorization": "Bearer evb_wrong"}), 401, "token-refused")


def test_a_token_past_its_day_opens_nothing_and_says_why(program):
    client = program("reader", "read")
    past = datetime.now(UTC) - timedelta(days=1)
    ServiceToken.objects.update(made_at=past - timedelta(days=2), expires_at=past)

    assert "has expired" in problem(client.get("/api/v1/me"), 401, "token-refused")["detail"]


def test_a_token_in_an_address_is_refused_and_logged_nowhere(program, caplog):
    secret = program("reader", "read").defaults["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    with caplog.at_level(logging.DEBUG):
        for name in ("token", "access_token", "api_key", "Authorization"):
            said = problem(Client().get(f"/api/v1/accounts?{name}={secret}"), 400, "token-in-address")
            assert secret not in str(said)

    assert secret not in caplog.text


def test_a_token_opens_pages_nowhere(program):
    assert program("operations").get("/accounts").status_code == 302


def test_every_endpoint_asks_for_its_scope(program):
    wrong = {"read": "write", "write": "read", "import": "read", "policy": "read", "people": "read"}
    clients = {scope: program("operations", scope) for scope in set(wrong.values())}
    asked = 0
    for path, methods in API.get_openapi_schema()["paths"].items():
        for method, said in methods.items():
            if said["security"] == [{"signature": []}]:  # no token opens it
                answer = program("operations").generic(
                    method.upper(), path, "{}", content_type="application/json"
                )
                problem(answer, 401, "hand-unsigned")
                continue
            scope = said["security"][0]["token"][0]
            address = (
                path.replace("{load}", "1")
                .replace("{token}", "1")
                .replace("{number}", "1")
                .replace("{other}", "2")
                .replace("{view}", "1")
                .replace("{step}", "measure")
            )
            answer = clients[wrong[scope]].generic(method.upper(), address)
            assert f"'{scope}'" in problem(answer, 403, "scope-missing")["detail"]
            asked += 1

    assert asked >= 40


def test_a_write_with_a_session_needs_the_token_of_our_page(team):
    client = Client(enforce_csrf_checks=True)
    client.force_login(team.users["olu"])
    view = {"name": "Mine", "query": "tier=1"}

    problem(client.put("/api/v1/views/accounts", view, content_type=JSON), 403, "cross-site-request")
    client.get("/accounts")
    token = client.cookies["csrftoken"].value
    headers = {"X-CSRFToken": token}
    assert client.put("/api/v1/views/accounts", view, content_type=JSON, headers=headers).status_code == 200


def test_what_is_not_there_and_methods_that_are_not_taken(program):
    client = program("operations")

    problem(client.get("/api/v1/nothing"), 404, "not-found")
    problem(client.get("/api/v1/accounts/nobody"), 404, "not-found")
    problem(client.get("/api/v1/accounts/%00"), 404, "not-found")
    answer = client.delete("/api/v1/accounts")
    problem(answer, 405, "method")
    assert answer["Allow"] == "GET"
    problem(client.get("/api/v1/me", headers={"Host": "evil.example"}), 400, "bad-request")


def test_bodies_that_are_not_taken(program, in_days):
    client = program("operations")

    def send(body, kind: str = JSON, path: str = "/api/v1/users"):
        return client.post(path, body, content_type=kind)

    user = {"mail": "new@example.com", "name": "New", "role": "csm"}
    problem(send("{", JSON), 400, "bad-request")
    problem(send('{"mail": NaN}'), 400, "bad-request")
    problem(send(r'{"mail": "a\u0000@example.com", "name": "N", "role": "csm"}'), 400, "bad-request")
    problem(send(r'{"mail": "\ud800", "name": "N", "role": "csm"}'), 400, "bad-request")
    problem(send("[" * 100_000), 400, "bad-request")
    problem(send("mail=x", "application/x-www-form-urlencoded"), 415, "media-type")
    problem(send("{" + " " * 1_100_000 + "}"), 413, "too-large")
    said = problem(send({**user, "salary": 1}), 422, "invalid")
    assert said["errors"] == [{"where": "body.user.salary", "what": "Extra inputs are not permitted"}]
    assert problem(send({**user, "role": "king"}), 422, "invalid")["errors"][0]["where"] == "body.user.role"
    problem(send({**user, "mail": "nothing"}), 400, "user-refused")


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=501",
        "limit=1.0",
        "limit=",
        "as_of=0",
        "as_of=2026-3-9",
        "tier=x",
        "state=gone",
        "nosuch=1",
    ],
)
def test_parameters_are_read_strictly(program, query):
    said = problem(program("reader", "read").get(f"/api/v1/accounts?{query}"), 422, "invalid")

    assert said["errors"][0]["where"].startswith("query.")


def test_who_asks_too_often_waits_and_processes_share_the_count(program, settings, monkeypatch):
    settings.EVENBOOK_API_REQUESTS_A_MINUTE = 40
    client = program("reader", "read")
    mine: dict[str, tuple[int, int]] = {}
    monkeypatch.setattr(rates, "_mine", mine)
    count, noon = rates.count, datetime(2026, 3, 9, 12, tzinfo=UTC)  # all of it within one minute
    monkeypatch.setattr(rates, "count", lambda asker, *, limit, now: count(asker, limit=limit, now=noon))
    answered = 0
    for _ in range(30):
        answered += client.get("/api/v1/me").status_code == 200
        mine.clear()  # another process each time: what the last one set aside is lost to it
    refused = client.get("/api/v1/me")

    said = problem(refused, 429, "too-many-requests")
    assert said["retry"] is True and 1 <= int(refused["Retry-After"]) <= 60
    assert answered <= 40 and Lease.objects.get().taken == 40
    assert program("operations", "read").get("/api/v1/me").status_code == 200


def test_what_breaks_is_logged_and_tells_nothing_of_itself(program, settings, caplog):
    settings.EVENBOOK_CATALOGUE = "evenbook.site.nothing.there"
    said = problem(program("reader", "read").get("/api/v1/measures"), 500, "failure")

    assert (
        said["retry"] is True and "nothing" not in said["detail"] and "An API request broke." in caplog.text
    )
