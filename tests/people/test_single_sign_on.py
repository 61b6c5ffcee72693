"""Single sign-on against an identity provider that really runs: the codes are exchanged over HTTP."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from tests.people.codes import code_at

from evenbook.people.actions import add_user, deactivate
from evenbook.people.models import AuditEntry, OpenSession, User
from evenbook.people.second_factor import new_secret, turn_on
from evenbook.people.viewer import SYSTEM

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import oidc_provider_mock as provider

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:get_jwt_config")]

NOW = datetime(2026, 3, 9, tzinfo=UTC)
KNOWN = (
    provider.User(
        sub="s-1", claims={"email": "Amara@example.com", "email_verified": True, "name": "Amara Okafor"}
    ),
    provider.User(sub="s-2", claims={"email": "amara@example.com", "email_verified": False}),
    provider.User(sub="s-3", claims={"email": "amara@example.com", "email_verified": True}),
    provider.User(
        sub="s-4", claims={"email": "new@example.com", "email_verified": True, "name": "Dede Nwosu"}
    ),
)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider.run_server_in_thread(user_claims=KNOWN, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def amara(issuer: str, settings: Any) -> User:
    set_up(settings, issuer)
    return add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=NOW)


def set_up(settings: Any, issuer: str) -> None:
    settings.EVENBOOK_URL = "http://testserver"
    settings.EVENBOOK_OIDC_URL = issuer
    name = f"oidc-{hashlib.sha256(issuer.encode()).hexdigest()[:12]}"
    settings.SINGLE_SIGN_ON = {**settings.SINGLE_SIGN_ON, "provider_id": name, "name": "Harbor Login"}
    app = {
        **settings.SINGLE_SIGN_ON,
        "client_id": "evenbook",
        "secret": "for-tests-only",
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}


def asked(client: Client, *, going: str = "/hot-sheet") -> str:
    answer = client.get("/sign-in/single", {"next": going})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def agreed(address: str, subject: str) -> str:
    """Sign in at the identity provider as a subject, and return where it sends the browser."""
    return str(httpx.post(address, data={"sub": subject}).headers["location"])


def came_back(client: Client, subject: str, *, going: str = "/hot-sheet") -> Any:
    return client.get(agreed(asked(client, going=going), subject))


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_who_is_known_by_a_verified_mail_comes_in_and_goes_where_they_were_going(amara):
    client = Client()
    assert "Sign in with Harbor Login" in client.get("/sign-in?next=/hot-sheet").content.decode()
    answer = came_back(client, "s-1")

    assert is_signed_in(client) and answer["Location"] == "/hot-sheet"
    assert OpenSession.objects.get().how == "single"
    assert list(AuditEntry.objects.order_by("pk").values_list("what", flat=True))[1:] == [
        "single-sign-on.linked",
        "sign-in.made",
    ]


def test_the_question_has_a_state_a_nonce_and_a_challenge_and_comes_back_to_us(amara):
    query = parse_qs(urlsplit(asked(Client())).query)

    assert query["redirect_uri"] == ["http://testserver/sign-in/single/back"]
    assert query["code_challenge_method"] == ["S256"] and query["response_type"] == ["code"]
    assert len(query["state"][0]) >= 16 and len(query["nonce"][0]) >= 24


def test_a_subject_once_linked_stays_the_person_whatever_their_mail_becomes(amara):
    came_back(Client(), "s-1")
    User.objects.filter(pk=amara.pk).update(mail="amara.okafor@example.com")
    client = Client()

    assert came_back(client, "s-1").status_code == 302 and is_signed_in(client)


@pytest.mark.parametrize(
    ("subject", "said"),
    [("s-2", "vouches for no mail address"), ("s-4", "Nobody here has your mail address")],
)
def test_who_is_not_known_for_certain_stays_out(amara, subject, said):
    client = Client()
    answer = came_back(client, subject)

    assert answer.status_code == 403 and said in answer.content.decode() and not is_signed_in(client)
    assert User.objects.count() == 1


def test_a_second_subject_with_the_mail_of_somebody_linked_stays_out(amara):
    came_back(Client(), "s-1")
    client = Client()

    assert "another account" in came_back(client, "s-3").content.decode() and not is_signed_in(client)


def test_new_people_come_in_with_the_role_that_the_organization_set(amara, settings):
    settings.EVENBOOK_OIDC_NEW_USERS_ROLE = "reader"
    client = Client()
    came_back(client, "s-4")
    made = User.objects.get(mail="new@example.com")

    assert is_signed_in(client) and (made.name, made.role, made.has_usable_password()) == (
        "Dede Nwosu", "reader", False,
    )  # fmt: skip


def test_who_was_deactivated_stays_out_though_the_provider_knows_them(amara):
    deactivate(SYSTEM, amara.pk, now=NOW)
    client = Client()

    assert came_back(client, "s-1").status_code == 403 and not is_signed_in(client)


def test_an_answer_counts_once_and_only_for_the_browser_that_asked(amara):
    client, other = Client(), Client()
    back = agreed(asked(client), "s-1")
    stolen = other.get(back)
    client.get(back)
    client.post("/sign-out")
    again = client.get(back)

    assert stolen.status_code == again.status_code == 403
    assert not is_signed_in(other) and not is_signed_in(client)


def test_an_answer_with_the_nonce_of_another_question_stays_out(amara):
    client, other = Client(), Client()
    address = asked(client)
    nonce = parse_qs(urlsplit(asked(other)).query)["nonce"][0]
    own = parse_qs(urlsplit(address).query)["nonce"][0]
    answer = client.get(agreed(address.replace(own, nonce), "s-1"))

    assert "does not fit" in answer.content.decode() and not is_signed_in(client)


@pytest.mark.parametrize(
    "given", [{}, {"error": "access_denied"}, {"code": "x", "state": "y"}, {"code": "x" * 9000}]
)
def test_an_answer_that_makes_no_sense_is_refused_and_breaks_nothing(amara, given):
    client = Client()
    query = parse_qs(urlsplit(asked(client)).query)
    answer = client.get("/sign-in/single/back", {"state": query["state"][0], **given})

    assert answer.status_code in (401, 403) and not is_signed_in(client)
    assert "Sign in" in answer.content.decode() and "Third-Party" not in answer.content.decode()


def test_an_identity_provider_that_is_away_is_said_in_words(amara, settings):
    set_up(settings, "http://127.0.0.1:9")

    answer = Client().get("/sign-in/single")
    assert answer.status_code == 503 and "does not answer" in answer.content.decode()


def test_single_sign_on_leads_to_no_other_host(amara):
    answer = came_back(Client(), "s-1", going="https://evil.example/")

    assert answer["Location"] == "/"


def test_who_has_a_second_factor_here_is_asked_for_it_whichever_way_they_come(amara):
    secret = new_secret()
    turn_on(SYSTEM, amara, secret, code_at(secret, NOW), now=NOW)
    client = Client()
    answer = came_back(client, "s-1")

    assert answer["Location"] == "/sign-in/code" and not is_signed_in(client)


def test_without_an_identity_provider_there_is_no_such_page(db):
    assert Client().get("/sign-in/single").status_code == 404
    assert Client().get("/sign-in/single/back?code=x&state=y").status_code == 404
    assert "single" not in Client().get("/sign-in").content.decode()


def test_pages_of_the_package_are_not_there(amara):
    for path in (
        "/accounts/login/",
        "/login/",
        "/signup/",
        "/accounts/signup/",
        "/accounts/2fa/",
        "/password/reset/",
    ):
        assert Client().get(path).status_code in (302, 404), path
        assert Client().get(path).headers.get("Location", "/sign-in").startswith("/sign-in"), path
