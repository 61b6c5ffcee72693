"""The second factor: codes of an app and recovery codes, each good once, and asked for whichever way one comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone
from tests.people.codes import code_at

from evenbook.people import doors, second_factor
from evenbook.people.actions import add_user, change_password
from evenbook.people.models import AuditEntry, OpenSession, User
from evenbook.people.second_factor import SecondFactorRefused
from evenbook.people.viewer import SYSTEM

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 9, 0, 10, tzinfo=UTC)
STEP = timedelta(seconds=30)
PASSWORD = "sunny-orchard-42"
RIGHT = {"mail": "amara@example.com", "password": PASSWORD}
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def amara(db: None) -> User:
    return add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=NOW, password=PASSWORD)


def protected(user: User, at: datetime = NOW - 4 * STEP) -> tuple[str, ...]:
    return second_factor.turn_on(SYSTEM, user, SECRET, code_at(SECRET, at), now=at)


def fresh() -> str:
    """Return the code of this moment, for tests that go by the clock of the pages."""
    return code_at(SECRET, timezone.now())


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def pending_client() -> Client:
    client = Client()
    assert client.post("/sign-in", {**RIGHT, "next": "/hot-sheet"})["Location"] == "/sign-in/code"
    return client


def test_a_code_of_now_or_a_step_around_counts_and_older_ones_do_not(amara):
    protected(amara)

    assert not second_factor.accepts(amara, code_at(SECRET, NOW - 2 * STEP), now=NOW)
    assert not second_factor.accepts(amara, code_at(SECRET, NOW + 2 * STEP), now=NOW)
    for at in (NOW - STEP, NOW, NOW + STEP):
        assert second_factor.accepts(amara, code_at(SECRET, at), now=NOW)


def test_a_code_counts_once_and_no_earlier_one_after_it(amara):
    protected(amara)

    assert second_factor.accepts(amara, f" {code_at(SECRET, NOW)[:3]} {code_at(SECRET, NOW)[3:]}", now=NOW)
    assert not second_factor.accepts(amara, code_at(SECRET, NOW), now=NOW)
    assert not second_factor.accepts(amara, code_at(SECRET, NOW - STEP), now=NOW)


def test_a_recovery_code_counts_once_and_new_ones_end_the_old(amara):
    first, second, *_ = protected(amara)

    assert second_factor.accepts(amara, f"{first[:4]}-{first[4:]}", now=NOW)
    assert not second_factor.accepts(amara, first, now=NOW) and second_factor.recovery_codes_left(amara) == 9
    new = second_factor.new_recovery_codes(SYSTEM, amara, now=NOW)
    assert not second_factor.accepts(amara, second, now=NOW)
    assert second_factor.accepts(amara, new[0], now=NOW) and len(set(new)) == 10


@pytest.mark.parametrize("typed", ["", "abc", "12345", "\x00", "９９９９９９", "1" * 5000, "²²²²²²"])
def test_what_is_no_code_opens_nothing(amara, typed):
    protected(amara)

    assert not second_factor.accepts(amara, typed, now=NOW)


def test_it_is_set_up_only_with_a_code_of_the_app(amara):
    with pytest.raises(SecondFactorRefused, match="does not go"):
        second_factor.turn_on(SYSTEM, amara, SECRET, "000000", now=NOW)

    assert not second_factor.has_second_factor(amara.pk)


def test_secrets_are_kept_encrypted_and_another_secret_of_the_instance_can_not_read_them(amara, settings):
    protected(amara)
    kept = str(list(Authenticator.objects.values_list("data", flat=True))) + str(AuditEntry.objects.values())
    settings.SECRET_KEY = "another"

    assert SECRET not in kept
    with pytest.raises(SecondFactorRefused, match="has changed"):
        second_factor.accepts(amara, code_at(SECRET, NOW), now=NOW)
    assert "has changed" in pending_client().post("/sign-in/code", {"code": fresh()}).content.decode()


def test_password_and_code_sign_in_and_go_where_one_was_going(amara):
    protected(amara)
    client = pending_client()

    assert not is_signed_in(client) and client.get("/accounts").status_code == 302
    answer = client.post("/sign-in/code", {"code": fresh()})
    assert is_signed_in(client) and answer["Location"] == "/hot-sheet"
    assert OpenSession.objects.get().how == "code"


def test_the_second_door_is_for_those_who_came_through_the_first(amara):
    protected(amara)

    assert Client().get("/sign-in/code")["Location"] == "/sign-in"
    assert Client().post("/sign-in/code", {"code": fresh()})["Location"] == "/sign-in"


def test_the_second_door_closes_after_ten_minutes_or_a_new_password(amara):
    protected(amara)
    late, changed = pending_client(), pending_client()
    session = late.session
    session["sign-in-pending"] |= {"until": (timezone.now() - timedelta(seconds=1)).isoformat()}
    session.save()
    change_password(SYSTEM, amara, "other-orchard-43", now=NOW)

    for client in (late, changed):
        assert client.post("/sign-in/code", {"code": fresh()})["Location"] == "/sign-in"
        assert not is_signed_in(client)


def test_after_five_wrong_codes_even_the_right_one_waits(amara):
    protected(amara)
    client = pending_client()
    for _ in range(doors.MOST_A_MAIL):
        assert client.post("/sign-in/code", {"code": "000000"}).status_code == 403
    answer = pending_client().post("/sign-in/code", {"code": fresh()})

    assert answer.status_code == 429 and "Wait 15 minutes" in answer.content.decode()
    assert AuditEntry.objects.filter(what="sign-in.failed").count() == doors.MOST_A_MAIL


def test_one_sets_it_up_on_a_page_keeps_the_codes_and_takes_it_off_with_one(amara):
    client, other = Client(), Client()
    for each in (client, other):
        each.post("/sign-in", RIGHT)
    page = client.get("/me/second-factor").content.decode()
    secret = client.session["second-factor-secret"]
    assert "<svg" in page and secret[:4] in page
    code = {"code": code_at(secret, timezone.now())}
    assert client.post("/me/second-factor", {**code, "password": "not-mine-at-all"}).status_code == 422
    shown = client.post("/me/second-factor", {**code, "password": PASSWORD})
    codes = shown.context["codes"]

    assert len(codes) == 10 and codes[0] in shown.content.decode()
    assert client.get("/me").status_code == 200 and other.get("/me").status_code == 302
    assert client.post("/me/second-factor/off", {"code": "000000"}).status_code == 422
    assert client.post("/me/second-factor/codes", {"code": codes[0]}).context["codes"] != codes
    new = second_factor.new_recovery_codes(SYSTEM, amara, now=NOW)
    assert client.post("/me/second-factor/off", {"code": new[0]})["Location"] == "/me"
    assert not second_factor.has_second_factor(amara.pk)
    assert {"second-factor.set-up", "second-factor.taken-off", "recovery-codes.made"} <= set(
        AuditEntry.objects.values_list("what", flat=True)
    )


@pytest.mark.parametrize("roles", [["leader"], ["operations", "leader"], ["all"], ["leadr"]])
def test_a_role_that_needs_a_second_factor_goes_nowhere_without(amara, settings: Any, roles):
    settings.EVENBOOK_REQUIRE_MFA = roles
    client = Client()
    client.post("/sign-in", RIGHT)

    for path in ("/", "/me", "/accounts", "/me/sessions/end"):
        assert client.get(path)["Location"] == "/me/second-factor", path
    program = client.get("/api/v1/accounts")
    assert program.status_code == 403 and program.json()["type"].startswith("/errors/")
    page = client.get("/me/second-factor")
    assert "Your role needs" in page.content.decode()
    code = code_at(client.session["second-factor-secret"], timezone.now())
    client.post("/me/second-factor", {"code": code, "password": PASSWORD})
    assert client.get("/me").status_code == 200


def test_other_roles_and_sessions_with_a_code_are_not_held(amara, settings: Any):
    settings.EVENBOOK_REQUIRE_MFA = ["operations"]
    client = Client()
    client.post("/sign-in", RIGHT)
    assert client.get("/me").status_code == 200

    settings.EVENBOOK_REQUIRE_MFA = ["leader"]
    protected(amara)
    client = pending_client()
    client.post("/sign-in/code", {"code": fresh()})
    assert client.get("/me").status_code == 200
