"""Roles on an account for programs: listed with their history, given once a key, refused as pages refuse."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.test import Client

from evenbook.book.models import Ownership
from evenbook.people.models import User

NOW = datetime.now(UTC)
DAY = (NOW + timedelta(days=20)).date().isoformat()


def person(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(mail=f"{name}@example.com"))
    return client


def post(client: Client, account: str, body: object, key: str = "") -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(
        f"/api/v1/accounts/{account}/roles", body, content_type="application/json", headers=headers
    )


def test_a_role_is_given_then_passed_on_once_a_key_and_listed(team: Any) -> None:
    account, lena = team.of("ben")[0].key, person("lena")
    body = {"role": "onboarding", "to": "chidi", "reason": "New."}
    first = post(lena, account, body).json()
    assert (first["changed"], first["before_name"], first["after_name"], first["handoff"]) == (
        True, "nobody", "Chidi Eze", None,
    )  # fmt: skip
    passed = {**body, "to": "ben", "first_on": DAY}
    made, again = post(lena, account, passed, "k").json(), post(lena, account, passed, "k").json()
    assert made == again and made["handoff"] and made["first_on"] == DAY
    assert post(lena, account, passed).json()["changed"] is False

    rows = lena.get(f"/api/v1/accounts/{account}/roles").json()["items"]
    assert [(each["role"], each["holder"], each["state"]) for each in rows] == [
        ("owner", "ben", "now"), ("onboarding", "ben", "to_come"), ("onboarding", "chidi", "now"),
    ]  # fmt: skip
    assert rows[2]["until_at"] == rows[1]["since_at"] and rows[1]["reason"] == "New."


def test_what_is_refused_is_said_and_changes_nothing(team: Any) -> None:
    account = team.of("ben")[0].key
    body, before = {"role": "onboarding", "to": "chidi", "reason": "New."}, Ownership.objects.count()
    assert post(person("ben"), account, body).status_code == 403
    assert post(person("chidi"), account, body).status_code == 404
    assert person("chidi").get(f"/api/v1/accounts/{account}/roles").status_code == 404
    refused = post(person("lena"), account, {**body, "first_on": "soon"})
    assert refused.status_code == 409 and "is not a day" in refused.json()["title"] + refused.json()["detail"]
    assert post(person("lena"), account, {**body, "more": 1}).status_code == 422
    assert Ownership.objects.count() == before
