"""Invitations and new passwords by mail: links that work once, for a while, and tell nobody who is known."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from evenbook.messages.models import Mail
from evenbook.people import doors
from evenbook.people.actions import Given, NotOperations, UserRefused, add_user
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.links import INVITED_FOR, LinkOver, invite, open_link, send_new_link, use_link
from evenbook.people.models import AuditEntry, OpenSession, SignInLink, User
from evenbook.people.viewer import SYSTEM, Viewer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
OLU = Viewer(user_id=None, mail="", name="Olu Danjuma", role="operations")
BASE = "https://evenbook.company.example"
PASSWORD, NEW = "sunny-orchard-42", "plain-harbor-7731"


@pytest.fixture
def amara(db: None, settings: Any) -> User:
    settings.EVENBOOK_URL = BASE
    return add_user(SYSTEM, mail="amara@example.com", name="Amara", role="leader", now=NOW, password=PASSWORD)


def invited(mail: str = "ben@example.com", token: str = "a-token", now: datetime | None = None) -> User:
    """Invite somebody at an instant, or now by the clock of the pages."""
    return invite(OLU, mail, Given("Ben", "csm", "North"), token=token, base=BASE, now=now or timezone.now())


def link_in(mail: Mail) -> str:
    return re.search(rf"{BASE}(/\S+)", mail.text)[1]


def chosen(client: Client, path: str, password: str = NEW, again: str = "") -> Any:
    client.get(path, follow=True)
    return client.post("/sign-in/new-password", {"password": password, "again": again or password})


def test_who_is_invited_gets_a_mail_chooses_a_password_and_is_in(amara):
    invited()
    mail = Mail.objects.get()
    client = Client()

    assert mail.to == "ben@example.com" and "Olu Danjuma has invited you" in mail.text
    assert "Welcome, Ben" in client.get(link_in(mail), follow=True).content.decode()
    assert chosen(client, link_in(mail))["Location"] == "/"
    assert OpenSession.objects.get().how == "link"
    assert Client().post("/sign-in", {"mail": "ben@example.com", "password": NEW})["Location"] == "/"


def test_a_link_works_once_and_looking_at_it_ends_nothing(amara):
    invited()
    path = link_in(Mail.objects.get())
    for _ in range(3):
        Client().get(path, follow=True)
    first, second = Client(), Client()
    second.get(path)
    chosen(first, path)

    assert second.post("/sign-in/new-password", {"password": NEW, "again": NEW}).status_code == 410
    assert Client().get(path, follow=True).status_code == 410


def test_a_link_runs_out_and_a_newer_one_ends_it(amara):
    invited(token="first", now=NOW)
    assert open_link("first", now=NOW + INVITED_FOR - timedelta(seconds=1))
    with pytest.raises(LinkOver):
        open_link("first", now=NOW + INVITED_FOR)

    invited(token="second", now=NOW)
    assert open_link("second", now=NOW).user.mail == "ben@example.com"
    for token in ("first", "", "x", "second "):
        with pytest.raises(LinkOver):
            open_link(token, now=NOW)


def test_the_token_stands_in_the_mail_alone(amara):
    invited(token="something-nobody-guesses")
    kept = f"{list(SignInLink.objects.values())} {list(AuditEntry.objects.values())} {Mail.objects.get().key}"

    assert "something-nobody-guesses" not in kept


@pytest.mark.parametrize(
    ("password", "again", "said"), [(NEW, "another-one-77", "differ"), ("short", "", "too short")]
)
def test_a_password_that_can_not_be_leaves_the_link_working(amara, password, again, said):
    invited()
    path = link_in(Mail.objects.get())
    client = Client()

    assert said in chosen(client, path, password, again).content.decode()
    assert chosen(client, path)["Location"] == "/"


def test_asking_for_a_new_password_says_the_same_whoever_asks_for_whom(amara):
    add_user(SYSTEM, mail="chidi@example.com", name="Chidi", role="csm", now=NOW)
    answers = {
        mail: Client().post("/sign-in/forgot", {"mail": mail})
        for mail in ("amara@example.com", "nobody@example.com", "chidi@example.com", "", "\x00", "x" * 9000)
    }
    said = {
        re.sub(r"csrfmiddlewaretoken.*?>", "", answer.content.decode()).replace(mail[:254], "")
        for mail, answer in answers.items()
        if mail.endswith("@example.com")
    }

    assert len(said) == 1 and {answer.status_code for answer in answers.values()} == {200}
    assert Mail.objects.get().to == "amara@example.com"


def test_a_new_password_ends_every_session_and_is_told_by_mail(amara):
    there = Client()
    there.post("/sign-in", {"mail": "amara@example.com", "password": PASSWORD})
    Client().post("/sign-in/forgot", {"mail": "AMARA@example.com"})
    here = Client()
    chosen(here, link_in(Mail.objects.get()))

    assert there.get("/me").status_code == 302 and here.get("/me").status_code == 200
    assert Client().post("/sign-in", {"mail": "amara@example.com", "password": PASSWORD}).status_code == 403
    assert Mail.objects.order_by("pk").last().subject == "Your password was changed"


def test_nobody_is_flooded_with_mails(amara):
    for _ in range(doors.MOST_A_MAIL + 3):
        assert Client().post("/sign-in/forgot", {"mail": "amara@example.com"}).status_code == 200

    assert Mail.objects.count() == doors.MOST_A_MAIL
    assert Client().post("/sign-in", {"mail": "amara@example.com", "password": PASSWORD})["Location"] == "/"


@pytest.mark.parametrize(
    "headers", [{"HTTP_HOST": "evil.example"}, {"HTTP_X_FORWARDED_HOST": "evil.example"}]
)
def test_a_hostile_host_is_in_no_mail(amara, settings, headers):
    for url in (BASE, ""):
        settings.EVENBOOK_URL = url
        Client(**headers).post("/sign-in/forgot", {"mail": "amara@example.com"})

    assert "evil" not in " ".join(Mail.objects.values_list("text", flat=True))


def test_without_an_address_that_can_be_trusted_no_link_is_mailed(amara, settings, rf):
    settings.EVENBOOK_URL, settings.ALLOWED_HOSTS = "", ["*"]
    answer = Client(HTTP_HOST="evil.example").post("/sign-in/forgot", {"mail": "amara@example.com"})

    assert (
        answer.status_code == 503 and "EVENBOOK_URL" in answer.content.decode() and not Mail.objects.exists()
    )
    with pytest.raises(NoAddress):
        base_address()
    settings.EVENBOOK_URL = "javascript:alert(1)"
    with pytest.raises(NoAddress):
        base_address(rf.get("/"))


def test_only_operations_invites_and_only_people_who_are_not_here(amara):
    with pytest.raises(NotOperations):
        invite(
            Viewer(1, "", "Amara", "leader"),
            "x@example.com",
            Given("X", "csm"),
            token="t",
            base=BASE,
            now=NOW,
        )
    with pytest.raises(UserRefused, match="is known here"):
        invited("Amara@example.com")
    for mail, given in (
        ("no mail", Given("B", "csm")),
        ("b@example.com", Given(" ", "csm")),
        ("b@example.com", Given("B", "owner")),
    ):
        with pytest.raises(UserRefused):
            invite(OLU, mail, given, token="t", base=BASE, now=NOW)

    assert User.objects.count() == 1 and not Mail.objects.exists()


def test_operations_sends_a_new_link_and_none_to_who_is_deactivated(amara):
    assert send_new_link(OLU, amara.pk, token="t", base=BASE, now=NOW).purpose == "reset"
    assert use_link(SYSTEM, "t", NEW, now=NOW).pk == amara.pk
    User.objects.update(is_active=False)

    with pytest.raises(UserRefused, match="deactivated"):
        send_new_link(OLU, amara.pk, token="u", base=BASE, now=NOW)


def test_a_link_of_now_is_good_for_an_hour(amara):
    Client().post("/sign-in/forgot", {"mail": "amara@example.com"})
    until = SignInLink.objects.get().expires_at

    assert timedelta(minutes=59) < until - timezone.now() <= timedelta(hours=1)
