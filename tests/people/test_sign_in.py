"""Signing in and out, attempts that are counted, and the one click of a demo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from evenbook.people import doors
from evenbook.people.actions import add_user
from evenbook.people.models import SignInAttempt
from evenbook.people.viewer import SYSTEM

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PASSWORD = "sunny-orchard-42"
RIGHT = {"mail": "amara@example.com", "password": PASSWORD}
WRONG = {**RIGHT, "password": "not-it-at-all"}


@pytest.fixture
def amara(db):
    return add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=NOW, password=PASSWORD)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_mail_and_password_sign_in_and_go_where_one_was_going(amara):
    client = Client()
    answer = client.post("/sign-in", {**RIGHT, "mail": " AMARA@example.com", "next": "/hot-sheet"})

    assert is_signed_in(client) and answer["Location"] == "/hot-sheet"


def test_a_wrong_password_keeps_the_mail_and_says_nothing_of_who_exists(amara):
    known = Client().post("/sign-in", WRONG)
    unknown = Client().post("/sign-in", {**WRONG, "mail": "nobody@example.com"})

    assert known.status_code == unknown.status_code == 403
    assert known.context["problem"] == unknown.context["problem"]
    assert 'value="amara@example.com"' in known.content.decode()
    assert "not-it-at-all" not in known.content.decode()


def test_signing_in_leads_to_no_other_host(amara):
    for there in ("//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"):
        answer = Client().post("/sign-in", {**RIGHT, "next": there})
        assert answer["Location"] == "/"


def test_after_five_failures_even_the_right_password_waits(amara):
    client = Client()
    for _ in range(doors.MOST_A_MAIL):
        client.post("/sign-in", WRONG)
    answer = client.post("/sign-in", RIGHT)

    assert answer.status_code == 429 and not is_signed_in(client)
    assert "Wait 15 minutes" in answer.content.decode()


def test_failures_are_forgotten_after_a_while_and_by_signing_in(amara):
    client = Client()
    for _ in range(doors.MOST_A_MAIL):
        client.post("/sign-in", WRONG)
    SignInAttempt.objects.update(at=timezone.now() - doors.WINDOW - timedelta(seconds=1))
    client.post("/sign-in", RIGHT)

    assert is_signed_in(client)
    client.post("/sign-in", WRONG)
    assert SignInAttempt.objects.count() == 1


def test_one_address_that_tries_many_people_is_stopped(amara):
    client = Client()
    for number in range(doors.MOST_AN_ADDRESS):
        doors.record_failure(f"person{number}@example.com", "127.0.0.1", now=timezone.now())

    assert client.post("/sign-in", RIGHT).status_code == 429
    assert Client(REMOTE_ADDR="10.1.1.1").post("/sign-in", RIGHT).status_code == 302


def test_what_was_typed_is_not_kept_in_plain(amara):
    Client().post("/sign-in", {"mail": "my-password-by-mistake", "password": "x"})

    assert "my-password" not in SignInAttempt.objects.get().mail_digest


def test_a_user_who_is_not_active_does_not_sign_in(amara):
    amara.is_active = False
    amara.save()

    assert Client().post("/sign-in", RIGHT).status_code == 403


@pytest.mark.parametrize(
    "typed", [{}, {"mail": ""}, {"mail": "\x00", "password": "\x00"}, {"mail": "x" * 9000}]
)
def test_what_makes_no_sense_is_refused_and_breaks_nothing(amara, typed):
    assert Client().post("/sign-in", typed).status_code == 403


def test_signing_out_ends_the_session_and_takes_a_click(amara):
    client = Client()
    client.force_login(amara)

    assert client.get("/sign-out").status_code == 405 and is_signed_in(client)
    assert client.post("/sign-out")["Location"] == "/sign-in" and not is_signed_in(client)


def test_the_form_needs_its_token(amara):
    client = Client(enforce_csrf_checks=True)

    assert client.post("/sign-in", RIGHT).status_code == 403 and not is_signed_in(client)
    assert client.post(f"/sign-in/as/{amara.pk}").status_code == 403


def test_a_demo_lets_in_sample_people_from_its_own_machine(amara, settings):
    settings.EVENBOOK_DEMO = True
    client = Client()

    assert "Amara" in client.get("/sign-in").content.decode()
    assert client.post(f"/sign-in/as/{amara.pk}").status_code == 302 and is_signed_in(client)


@pytest.mark.parametrize(
    "given",
    [
        {"REMOTE_ADDR": "10.0.0.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_a_demo_lets_in_nobody_from_elsewhere(amara, settings, given):
    settings.EVENBOOK_DEMO = True
    client = Client(**given)

    assert "Amara" not in client.get("/sign-in").content.decode()
    assert client.post(f"/sign-in/as/{amara.pk}").status_code == 404 and not is_signed_in(client)


def test_what_is_no_demo_lets_in_nobody_without_a_password(amara, settings):
    settings.EVENBOOK_DEMO = False

    assert Client().post(f"/sign-in/as/{amara.pk}").status_code == 404


def test_a_demo_offers_a_leader_two_csms_and_operations(db, settings):
    for number, role in enumerate(("csm", "csm", "csm", "operations", "leader", "leader")):
        add_user(SYSTEM, mail=f"p{number}@example.com", name=f"P{number}", role=role, now=NOW)

    assert [person.role for person in doors.demo_people()] == ["leader", "csm", "csm", "operations"]
