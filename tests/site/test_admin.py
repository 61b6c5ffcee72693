"""The records: behind the one door, for operations, read only, without anything that opens a door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import NoReverseMatch, reverse

from evenbook.people.models import OpenSession, ServiceToken, SignInLink, User
from evenbook.site.admin import is_hidden

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def as_role() -> Callable[[str], Client]:
    def signed_in(role: str) -> Client:
        made = User.objects.create(
            mail=f"{role}@example.com", name=role, role=role, joined_at=NOW, password=make_password("x")
        )
        client = Client()
        client.force_login(made)
        return client

    return signed_in


def own_models() -> list[Any]:
    return [model for model in apps.get_models() if model.__module__.startswith("evenbook.")]


def place(model: Any) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def test_a_stranger_is_sent_to_the_one_door(db):
    for path in ("/admin/", "/admin/people/", "/admin/people/user/", "/admin/people/user/1/change/"):
        assert Client().get(path)["Location"] == f"/sign-in?next={path}"


@pytest.mark.parametrize("role", ["leader", "csm", "executive", "reader"])
def test_only_operations_looks(as_role, role):
    client = as_role(role)

    assert {client.get(path).status_code for path in ("/admin/", "/admin/people/user/")} == {403}


def test_who_needs_a_second_factor_first_shows_it(as_role, settings):
    settings.EVENBOOK_REQUIRE_MFA = ["operations"]

    assert as_role("operations").get("/admin/")["Location"] == "/me/second-factor"


def test_every_model_of_ours_is_there_by_itself(as_role):
    client = as_role("operations")
    index = client.get("/admin/").content.decode()

    for model in own_models():
        assert place(model) in index and client.get(place(model)).status_code == 200, model


def test_nothing_is_added_changed_or_deleted(as_role):
    client = as_role("operations")
    user = User.objects.get()
    for method in (client.post, client.put, client.patch, client.delete):
        for path in ("/admin/people/user/", f"/admin/people/user/{user.pk}/change/"):
            assert method(path, {"name": "Changed"}).status_code == 403
    for rest in ("add/", f"{user.pk}/delete/", f"{user.pk}/history/"):
        assert client.get(f"/admin/people/user/{rest}").status_code == 404
    for name in ("login", "logout", "password_change"):
        with pytest.raises(NoReverseMatch):
            reverse(f"admin:{name}")

    assert User.objects.get().name == "operations"


def test_what_opens_a_door_is_not_shown(as_role):
    client = as_role("operations")
    user = User.objects.get()
    session = OpenSession.objects.create(
        user=user, key="the-key-itself", started_at=NOW, seen_at=NOW, address="", browser="", how="code"
    )
    link = SignInLink.objects.create(
        user=user, purpose="reset", digest="the-digest-itself", made_at=NOW, expires_at=NOW
    )
    token = ServiceToken.objects.create(
        name="T", digest="the-digest-itself", role="reader", made_at=NOW, expires_at=datetime.now(UTC)
    )
    said = "".join(
        client.get(f"{place(type(row))}{rest}").content.decode()
        for row in (user, session, link, token)
        for rest in ("", f"{row.pk}/change/")
    )

    assert "the-key-itself" not in said and "the-digest-itself" not in said and user.password not in said


def test_every_field_that_is_named_like_a_secret_is_hidden():
    hidden = {
        str(field) for model in own_models() for field in model._meta.concrete_fields if is_hidden(field)
    }

    assert {
        "people.User.password",
        "people.OpenSession.key",
        "people.SignInLink.digest",
        "people.SignInAttempt.mail_digest",
        "people.ServiceToken.digest",
        "mails.Mail.text",
    } <= hidden
