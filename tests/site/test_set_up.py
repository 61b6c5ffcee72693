"""A new instance gets its first person in the browser: once, and from nobody who merely found the address."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from evenbook.people.models import User
from evenbook.policy.models import PolicyVersion
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.site.web import set_up

AMARA = {
    "name": "Amara Okafor",
    "mail": "amara@northwind.example",
    "password": "sunny-orchard-42",
    "again": "sunny-orchard-42",
    "organization": "Northwind",
    "currency": "eur",
    "time_zone": "Europe/Paris",
}
ELSEWHERE = {"REMOTE_ADDR": "10.1.2.3"}

pytestmark = pytest.mark.django_db


def test_the_first_person_sets_it_up_is_operations_and_signed_in_and_the_page_is_gone(client):
    assert client.get("/sign-in").url == "/set-up" and client.get("/").url.startswith("/sign-in")
    page = client.get("/set-up").content.decode()
    assert "This instance is new" in page and 'value="Europe/Paris"' in page
    assert client.post("/set-up", AMARA).url == "/"

    amara, organization = User.objects.get(), latest().policy.of(OrganizationNumbers)
    assert (amara.mail, amara.role) == ("amara@northwind.example", "operations") and amara.check_password(
        "sunny-orchard-42"
    )
    assert (organization.called, organization.currency, organization.time_zone) == (
        "Northwind",
        "EUR",
        "Europe/Paris",
    )
    assert PolicyVersion.objects.order_by("-number").first().author == amara
    assert client.get("/").status_code == 302 and not client.get("/").url.startswith("/sign-in")
    assert client.get("/set-up").status_code == 404 and client.post("/set-up", AMARA).status_code == 404
    assert Client().get("/sign-in").status_code == 200


BAD: dict[str, dict[str, str]] = {
    "name": {"name": "  \x00 "},
    "mail": {"mail": "amara at northwind"},
    "again": {"again": "something-else-42"},
    "password": {"password": "password123", "again": "password123"},
    "currency": {"currency": "euro"},
    "time_zone": {"time_zone": "../etc/passwd"},
    "organization": {"organization": "x" * 121},
}


@pytest.mark.parametrize("field", BAD)
def test_bad_input_keeps_what_was_typed_but_no_password_and_changes_nothing(client, field):
    answer = client.post("/set-up", {**AMARA, **BAD[field]})
    page = answer.content.decode()

    assert answer.status_code == 422 and f'id="{field}-problem"' in page and page.count("aria-invalid") == 1
    assert "sunny-orchard-42" not in page and (field == "mail" or "amara@northwind.example" in page)
    assert not User.objects.exists() and latest().policy.of(OrganizationNumbers).currency == "USD"


def test_from_elsewhere_only_the_code_of_the_terminal_opens_it(client, settings, monkeypatch):
    code = set_up.new_code()
    for given in ("", "?code=wrong", "?code=%C3%A9"):
        page = client.get(f"/set-up{given}", **ELSEWHERE).content.decode()
        assert "waits for whoever started it" in page and 'name="mail"' not in page
    assert client.post("/set-up", {**AMARA, "code": "wrong"}, **ELSEWHERE).status_code == 403
    assert client.get("/set-up", HTTP_X_FORWARDED_FOR="10.1.2.3").content.decode().count('name="mail"') == 0
    assert not User.objects.exists()

    assert 'name="mail"' in client.get(f"/set-up?code={code}", **ELSEWHERE).content.decode()
    assert 'name="mail"' in client.post("/set-up", {"code": code}, **ELSEWHERE).content.decode()
    assert client.post("/set-up", {**AMARA, "code": code}, **ELSEWHERE).url == "/"
    del settings.EVENBOOK_SET_UP_CODE


def test_behind_a_proxy_this_machine_needs_the_code_as_well(client, monkeypatch):
    monkeypatch.setenv("EVENBOOK_HTTPS", "1")
    assert 'name="mail"' not in client.get("/set-up").content.decode()


def test_a_form_of_another_site_is_refused():
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/set-up", AMARA).status_code == 403 and not User.objects.exists()


@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_a_phone_and_works_without_scripts(live_server, open_page: Any, width):
    page = open_page(width=width, scripts=False)
    page.goto(f"{live_server.url}/set-up")
    for name, text in AMARA.items():
        page.fill(f"#{name}", text)
    page.click("button.go")
    page.wait_for_load_state()
    assert "/set-up" not in page.url and User.objects.filter(role="operations").count() == 1
