"""Sessions: one begins under a new key, is listed for its owner, and is over when it is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as used
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from evenbook.people.actions import add_user, deactivate, reactivate, sign_out_everywhere
from evenbook.people.models import AuditEntry, OpenSession, User
from evenbook.people.rules import browser_name
from evenbook.people.viewer import SYSTEM, Viewer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, tzinfo=UTC)
PASSWORD = "sunny-orchard-42"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
OLU = Viewer(user_id=None, mail="", name="Olu", role="operations")


@pytest.fixture
def amara(db: None) -> User:
    return add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=NOW, password=PASSWORD)


def signed_in(name: str = "amara", **how: Any) -> Client:
    client = Client(headers={"user-agent": FIREFOX}, **how)
    client.post("/sign-in", {"mail": f"{name}@example.com", "password": PASSWORD})
    assert client.get("/me").status_code == 200
    return client


def cookie(client: Client) -> str:
    return client.cookies[used.SESSION_COOKIE_NAME].value


def is_in(client: Client) -> bool:
    return client.get("/me").status_code == 200


def test_a_session_that_is_replayed_after_signing_out_opens_nothing(amara):
    client, thief = signed_in(), Client()
    thief.cookies[used.SESSION_COOKIE_NAME] = cookie(client)
    assert is_in(thief)
    client.post("/sign-out")

    assert not is_in(thief) and not OpenSession.objects.exists()


def test_signing_in_changes_the_key_and_ends_what_was_set_up_before(amara):
    client = Client()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    client.cookies[used.SESSION_COOKIE_NAME] = planted = session.session_key
    client.post("/sign-in", {"mail": "amara@example.com", "password": PASSWORD})

    assert cookie(client) != planted and "planted" not in client.session
    assert not Session.objects.filter(session_key=planted).exists()


def test_sessions_are_listed_with_browser_and_address_and_ended_one_by_one(amara):
    here, there = signed_in(), signed_in(REMOTE_ADDR="10.1.2.3")
    page = here.get("/me").content.decode()
    assert page.count("Firefox on Linux") >= 2 and "10.1.2.3" in page and "this one" in page
    assert cookie(there) not in page
    other = OpenSession.objects.get(address="10.1.2.3")
    here.post(f"/me/sessions/{other.pk}/end")

    assert is_in(here) and not is_in(there)
    assert AuditEntry.objects.filter(what="session.ended").count() == 1


def test_nobody_ends_the_session_of_somebody_else(amara):
    add_user(SYSTEM, mail="ben@example.com", name="Ben", role="csm", now=NOW, password=PASSWORD)
    mine, his = signed_in(), signed_in("ben")
    his.post(f"/me/sessions/{OpenSession.objects.get(user=amara).pk}/end")

    assert is_in(mine)


def test_all_sessions_but_this_one_end_at_once_also_those_that_are_not_listed(amara):
    here, there = signed_in(), signed_in()
    OpenSession.objects.exclude(key=cookie(here)).delete()
    here.post("/me/sessions/end")

    assert is_in(here) and not is_in(there) and OpenSession.objects.count() == 1


def test_a_changed_password_ends_the_other_sessions_and_needs_the_old_one(amara):
    here, there = signed_in(), signed_in()
    new = {"new": "plain-harbor-7731", "again": "plain-harbor-7731"}
    wrong = here.post("/me/password", {"old": "not-it", **new})
    assert wrong.status_code == 422 and "not your password" in wrong.content.decode() and is_in(there)
    assert "differ" in here.post("/me/password", {**new, "old": PASSWORD, "again": "x"}).content.decode()
    assert (
        "too short" in here.post("/me/password", {"old": PASSWORD, "new": "x", "again": "x"}).content.decode()
    )
    assert here.post("/me/password", {"old": PASSWORD, **new})["Location"] == "/me"

    assert is_in(here) and not is_in(there)
    assert AuditEntry.objects.filter(what="password.changed").count() == 1
    assert "plain-harbor" not in str(list(AuditEntry.objects.values()))


def test_who_is_deactivated_is_out_at_once_and_stays_out_of_old_sessions_when_let_in_again(amara):
    client = signed_in()
    deactivate(OLU, amara.pk, now=NOW)
    assert not is_in(client)
    assert Client().post("/sign-in", {"mail": "amara@example.com", "password": PASSWORD}).status_code == 403
    reactivate(OLU, amara.pk, now=NOW)

    assert not is_in(client) and is_in(signed_in())


def test_operations_signs_somebody_out_everywhere(amara):
    client = signed_in()
    sign_out_everywhere(OLU, amara.pk, now=NOW)

    assert not is_in(client) and not OpenSession.objects.exists()


def test_a_session_that_ran_out_is_over_and_forgotten(amara):
    client = signed_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)
    signed_in()

    assert Session.objects.count() == 1 and OpenSession.objects.count() == 2


def test_a_session_in_use_is_remembered_every_few_minutes(amara):
    client = signed_in()
    session = client.session
    session["seen"] = timezone.now().timestamp() - 601
    session.save()
    OpenSession.objects.update(seen_at=NOW)
    client.get("/me")

    assert timezone.now() - OpenSession.objects.get().seen_at < timedelta(minutes=1)


def test_sign_ins_failures_and_sign_outs_are_recorded_without_what_was_typed(amara):
    Client().post("/sign-in", {"mail": "my-password-by-mistake", "password": "x"})
    Client().post("/sign-in", {"mail": "amara@example.com", "password": "typed-in-vain"})
    signed_in().post("/sign-out")
    entries = list(AuditEntry.objects.order_by("pk"))[1:]

    assert [(each.what, each.by_name, each.thing_name) for each in entries] == [
        ("sign-in.failed", "somebody not signed in", "nobody known"),
        ("sign-in.failed", "somebody not signed in", "Amara"),
        ("sign-in.made", "Amara", "Amara"),
        ("sign-in.ended", "Amara", "Amara"),
    ]
    assert "mistake" not in str([vars(each) for each in entries])
    assert "vain" not in str([vars(each) for each in entries])


@pytest.mark.parametrize(
    "path", ["/me/password", "/me/second-factor", "/me/second-factor/off", "/me/sessions/end", "/sign-out"]
)
def test_a_post_from_another_site_changes_nothing(amara, path):
    client = signed_in()
    client.handler.enforce_csrf_checks = True
    answer = client.post(path, {"code": "1", "old": PASSWORD}, headers={"origin": "https://evil.example"})

    assert answer.status_code == 403 and is_in(client)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/forgot", "/sign-in/new-password"])
def test_a_body_of_megabytes_is_refused_and_breaks_nothing(amara, path):
    assert Client().post(path, {"mail": "x" * 3_000_000}).status_code in (400, 410, 413)


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (FIREFOX, "Firefox on Linux"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge on Windows"),
        ("curl/8.5", "curl"),
        ("", "unknown"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent, said):
    assert browser_name(agent) == said
