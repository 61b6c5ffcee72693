"""The outbox: a mail is sent once, tried again with patience, given up in the end, and never logged."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_string

import pytest
from django.db import transaction
from tests.messages.mail_server import Mailbox, mail_server

from evenbook.messages import checks
from evenbook.messages.actions import MailRefused, Round, forget, post, send_due, try_again
from evenbook.messages.models import Mail
from evenbook.messages.queries import outbox
from evenbook.messages.smtp import MailSettingsRefused, Server, server_of

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
SECRET = "https://evenbook.example/invite/5b1c-orchard"

pytestmark = pytest.mark.django_db


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mail_server() as served:
        yield served


def to_ben(key: str = "invitation-7", now: datetime = NOW) -> None:
    post(to="ben@example.com", subject="Your invitation", text=f"Open {SECRET}\n", key=key, now=now)


def send(port: int, now: datetime = NOW, most_tries: int = 3) -> Round:
    server = Server("127.0.0.1", port, False, "", "", "evenbook@example.com")
    return send_due(server, clock=lambda: now, most_tries=most_tries)


def test_a_mail_goes_out_once_with_a_name_of_its_own_and_its_text_is_forgotten(box: Mailbox) -> None:
    to_ben()
    to_ben()

    assert send(box.port) == Round(sent=1) and send(box.port) == Round()
    letter = message_from_string(box.mails[0])
    assert letter["To"] == "ben@example.com" and letter["From"] == "evenbook@example.com"
    assert SECRET in letter.get_payload() and letter["Message-ID"].endswith("@example.com>")
    kept = Mail.objects.get()
    assert kept.text == "" and kept.ended_at == NOW
    to_ben()
    assert send(box.port) == Round(), "the key was used"
    assert forget(NOW) == 0 and forget(NOW + timedelta(days=1)) == 1


def test_a_mail_of_something_that_was_undone_is_not_sent(box: Mailbox) -> None:
    with transaction.atomic():
        to_ben()
        transaction.set_rollback(True)

    assert send(box.port) == Round() and box.mails == []


def test_a_mail_that_is_refused_for_a_while_waits_twice_as_long_each_time_and_is_given_up(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    to_ben()
    box.answers = ["451 later"] * 3

    assert send(box.port) == Round(waiting=1)
    assert send(box.port, NOW + timedelta(seconds=59)) == Round(), "it is not due"
    assert send(box.port, NOW + timedelta(minutes=1)) == Round(waiting=1)
    assert send(box.port, NOW + timedelta(minutes=3)) == Round(given_up=1)
    assert outbox().given_up == 1 and outbox().trouble == "the mail server does not know the address"
    found = checks.mail_sent(NOW)
    assert found and found.what == "1 mail was given up: the mail server does not know the address."
    assert "ben@" not in caplog.text and SECRET not in caplog.text
    assert try_again(NOW) == 1 and send(box.port) == Round(sent=1)


def test_what_is_refused_for_good_is_given_up_at_once_and_keeps_no_other_back(box: Mailbox) -> None:
    to_ben()
    to_ben("invitation-8")
    box.answers = ["550 nobody"]

    assert send(box.port) == Round(sent=1, given_up=1)


def test_where_the_server_is_away_the_round_ends_and_the_others_lose_no_try() -> None:
    with mail_server() as gone:
        port = gone.port
    to_ben()
    to_ben("invitation-8")

    assert send(port) == Round(waiting=1)
    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 1]


def test_a_mail_that_a_killed_worker_held_is_tried_again_after_a_while(box: Mailbox) -> None:
    to_ben()
    Mail.objects.update(due_at=NOW + timedelta(minutes=5), tries=1)

    assert send(box.port) == Round() and send(box.port, NOW + timedelta(minutes=5)) == Round(sent=1)


@pytest.mark.parametrize(
    ("to", "subject"),
    [("ben", "Hello"), ("ben@example.com\nBcc: all@example.com", "Hello"), ("ben@example.com", "A\nBcc: b@c.d"),
     ("ben@example.com", " "), ("ben@example.com", "x" * 201)],
)  # fmt: skip
def test_what_is_no_mail_is_refused(to: str, subject: str) -> None:
    with pytest.raises(MailRefused):
        post(to=to, subject=subject, text="", key="k", now=NOW)


def test_the_settings_name_a_server_or_say_what_they_lack(settings: object, caplog: object) -> None:
    found = server_of("smtps://ops%40example.com:p%40ss@mail.example.com", "")

    assert found and (found.host, found.port, found.is_encrypted) == ("mail.example.com", 465, True)
    assert found.password == "p@ss" and found.sender == "ops@example.com" and "p@ss" not in repr(found)
    assert server_of("", "") is None
    for url, sender in [
        ("http://mail", "a@b.c"),
        ("smtp://", "a@b.c"),
        ("smtp://mail:x", "a@b.c"),
        ("smtp://m", ""),
    ]:
        with pytest.raises(MailSettingsRefused):
            server_of(url, sender)


def test_mails_that_wait_for_a_server_that_nobody_named_are_an_alarm(settings: object) -> None:
    settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_MAIL_FROM = "", ""
    assert checks.mail_settings(NOW) is None
    to_ben()

    found = checks.mail_settings(NOW)
    assert found and found.what == "1 mail waits, and no mail server is named."
    settings.EVENBOOK_MAIL_URL = "smtp://user@mail.example.com"
    assert "Nobody is named" in checks.mail_settings(NOW).what
    settings.EVENBOOK_MAIL_FROM = "evenbook@example.com"
    assert checks.mail_settings(NOW) is None and checks.mail_sent(NOW) is None
    assert "since 2026-03-09 09:00 UTC" in checks.mail_sent(NOW + timedelta(hours=1)).what
