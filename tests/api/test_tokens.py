"""Tokens are made where operations is: on a page, on the command line, through the API. Shown once."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from evenbook.people.models import AuditEntry, ServiceToken
from evenbook.rest.models import KeptAnswer

FORM = {"name": "Nightly export", "role": "leader", "team": "North", "scopes": ["read", "write"]}


@pytest.fixture
def as_user(team):
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(team.users[name])
        return client

    return signed_in


def test_a_token_made_on_the_page_is_shown_once_works_and_can_be_ended(as_user, in_days):
    olu = as_user("olu")
    made = olu.post("/tokens", {**FORM, "expires_on": in_days(90)}).content.decode()
    secret = re.search(r'id="secret">(evb_[\w-]{43})<', made)[1]
    program = Client(headers={"Authorization": f"Bearer {secret}"})

    assert program.get("/api/v1/me").json()["scopes"] == ["read", "write"]
    assert (
        secret not in olu.get("/tokens").content.decode()
        and "Nightly export" in olu.get("/tokens").content.decode()
    )
    assert ServiceToken.objects.get().digest != secret and ServiceToken.objects.get().used_at is not None
    ended = olu.post(f"/tokens/{ServiceToken.objects.get().pk}/end", follow=True).content.decode()
    assert "The token has ended" in ended and "ended" in ended
    refused = program.get("/api/v1/me")
    assert refused.status_code == 401 and "was ended" in refused.json()["detail"]
    assert {"token.made", "token.ended"} <= set(AuditEntry.objects.values_list("what", flat=True))
    assert not AuditEntry.objects.filter(after__icontains=secret).exists()


def test_a_refused_form_keeps_what_was_typed_and_says_what_is_wrong(as_user, in_days):
    page = as_user("olu").post(
        "/tokens", {"name": "Export", "role": "csm", "expires_on": in_days(500), "scopes": ["write"]}
    )
    said = page.content.decode()

    assert page.status_code == 422 and "A token ends within a year from now." in said
    assert (
        'value="Export"' in said
        and re.search(r'value="write" checked', said)
        and not ServiceToken.objects.exists()
    )
    assert as_user("olu").post("/tokens", {**FORM, "expires_on": "soon"}).status_code == 422


@pytest.mark.parametrize("name", ["amara", "ben", "edda", "rea"])
def test_for_everybody_but_operations_there_are_no_tokens(as_user, name):
    client = as_user(name)

    assert client.get("/tokens").status_code == 404 and client.post("/tokens/1/end").status_code == 404
    assert client.get("/api/v1/tokens").status_code == 403
    assert "Tokens" not in client.get("/accounts").content.decode()


def test_the_command_line_makes_lists_and_ends_tokens(team, capsys):
    from evenbook.site.cli import run

    who = ["--as", "olu@example.com"]
    assert run([*who, "token", "make", "Warehouse", "--role", "reader", "--scope", "read", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    program = Client(headers={"Authorization": f"Bearer {made['secret']}"})

    assert program.get("/api/v1/accounts?limit=1").status_code == 200
    assert run([*who, "token", "list", "--json"]) == 0
    listed = capsys.readouterr().out
    assert json.loads(listed)[0]["token_name"] == "Warehouse" and made["secret"] not in listed
    assert run([*who, "token", "end", str(made["token"])]) == 0
    assert program.get("/api/v1/accounts?limit=1").status_code == 401
    assert run([*who, "token", "end", "999"]) == 2
    assert run(["--as", "ben@example.com", "token", "make", "X", "--role", "csm", "--scope", "read"]) == 2


def test_a_token_made_through_the_api_is_made_once_for_a_key_and_its_secret_is_kept_nowhere(program, in_days):
    client = program("operations", "people", "read")
    body = {"name": "Mart", "role": "reader", "scopes": ["read"], "expires_on": in_days(30)}

    def make():
        return client.post(
            "/api/v1/tokens", body, content_type="application/json", headers={"Idempotency-Key": "k1"}
        )

    made, again = make(), make()

    assert made.status_code == 201 and made.json()["secret"].startswith("evb_")
    assert again.status_code == 409 and again.json()["type"] == "/errors/answered-before"
    assert ServiceToken.objects.filter(name="Mart").count() == 1
    assert not KeptAnswer.objects.filter(body__contains="evb_").exists()
    listed = client.get("/api/v1/tokens?fields=token_name,scopes").json()["items"]
    assert {"token_name": "Mart", "scopes": ["read"]} in listed and made.json()["secret"] not in str(listed)
    assert client.delete(f"/api/v1/tokens/{made.json()['token']}").status_code == 204
    assert client.delete("/api/v1/tokens/999999").status_code == 404
