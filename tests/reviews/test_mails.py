"""A batch goes out through a mail server: each reader once, with a link that opens and, where policy says so, the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_string, policy
from email.message import EmailMessage
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pptx import Presentation
from tests.messages.mail_server import Mailbox, mail_server
from tests.pages.company import LONG_AGO
from tests.reviews import reviewing
from tests.reviews.reviewing import LATER

from evenbook.messages.actions import MOST_BYTES, MailFile, MailRefused, Round, post, send_due, without_files
from evenbook.messages.models import Mail
from evenbook.messages.smtp import Server
from evenbook.people.viewer import SYSTEM
from evenbook.policy.actions import adopt
from evenbook.policy.queries import latest
from evenbook.policy.rules.document import to_document
from evenbook.reviews.actions import deciding, sending
from evenbook.reviews.models import Review, ReviewBatch, ReviewLink
from evenbook.reviews.queries.batches import batch

pytestmark = pytest.mark.django_db
LINK = re.compile(r"https://evenbook.example(/r/[\w-]+)")


@pytest.fixture
def box(settings: Any) -> Iterator[Mailbox]:
    with mail_server() as served:
        settings.EVENBOOK_DEMO = False
        settings.EVENBOOK_MAIL_URL = f"smtp://127.0.0.1:{served.port}"
        settings.EVENBOOK_URL = "https://evenbook.example"
        yield served


def delivered(box: Mailbox, now: Any = LATER) -> Round:
    server = Server("127.0.0.1", box.port, False, "", "", "reviews@evenbook.example")
    return send_due(server, clock=lambda: now, most_tries=3)


def letters(box: Mailbox) -> list[EmailMessage]:
    return [message_from_string(each, policy=policy.default) for each in box.mails]  # type: ignore[misc]


def attaching(form: str, most_kb: int = 5_000) -> None:
    """Let batches be drawn up with a policy that attaches."""
    document = to_document(latest().policy)
    document["reviews"] = {**document["reviews"], "attaches": form, "attach_most_kb": most_kb}
    adopt(document, by=reviewing.viewer("olu"), note="Attached.", now=LONG_AGO + timedelta(days=1))


def test_each_reader_gets_one_mail_whose_link_opens_their_review_and_no_file_unless_policy_says_so(
    team: Any, box: Mailbox, tmp_path: Path
) -> None:
    number = reviewing.sent(tmp_path)

    assert delivered(box) == Round(sent=8) and delivered(box) == Round()
    arrived = letters(box)
    assert Counter(str(each["To"]) for each in arrived) == Counter(
        Review.objects.filter(batch=number).values_list("reader_mail", flat=True)
    )
    assert not [each for each in arrived if list(each.iter_attachments())]
    ReviewLink.objects.update(expires_at=timezone.now() + timedelta(days=1))  # it is long past LATER
    for each in arrived:
        found = LINK.search(each.get_content())
        assert found
        account = Review.objects.get(batch=number, reader_mail=each["To"]).account.name
        assert account in unescape(Client().get(found[1]).content.decode())
    assert batch(SYSTEM, number).attaches == ""


@pytest.mark.parametrize("form", ["pptx", "pdf"])
def test_the_file_that_policy_names_goes_with_the_mail_and_stays_nowhere(
    team: Any, box: Mailbox, tmp_path: Path, form: str
) -> None:
    attaching(form)
    number = reviewing.sent(tmp_path)
    assert Mail.objects.exclude(file=None).count() == 8

    assert delivered(box) == Round(sent=8)
    assert not Mail.objects.exclude(file=None, file_name="").exists(), "what was sent is kept no longer"
    for each in letters(box):
        (file,) = each.iter_attachments()
        account = Review.objects.get(batch=number, reader_mail=each["To"]).account.name
        assert file.get_filename().endswith(f"-2026-03-09.{form}")
        contents = file.get_content()
        if form == "pdf":
            assert file.get_content_type() == "application/pdf" and contents.startswith(b"%PDF")
        else:
            assert account in Presentation(BytesIO(contents)).slides[0].shapes.title.text
    assert batch(SYSTEM, number).attaches_name.startswith("the link, and the ")


def test_a_file_that_is_too_large_stays_behind_and_the_log_says_so(
    team: Any, box: Mailbox, tmp_path: Path
) -> None:
    attaching("pptx", most_kb=20)
    number = reviewing.sent(tmp_path)

    assert delivered(box) == Round(sent=8)
    assert not [each for each in letters(box) if list(each.iter_attachments())]
    assert {each.state for each in Review.objects.filter(batch=number)} == {"sent"}
    assert all(
        re.fullmatch(r"It went without its file: that has \d+ kB, the policy allows 20\.", each.why)
        for each in Review.objects.filter(batch=number)
    )


def test_what_a_batch_was_drawn_up_with_is_what_goes_though_policy_changes_meanwhile(
    team: Any, box: Mailbox, tmp_path: Path
) -> None:
    number = reviewing.drawn()
    ReviewBatch.objects.filter(pk=number).update(attaches="pdf", attach_most_kb=5_000)
    reviewing.looked(number)
    deciding.approve(number, by=SYSTEM, now=reviewing.NOW)
    sending.send(reviewing.order(number, tmp_path), told=lambda done, total: None)
    assert set(Mail.objects.values_list("file_type", flat=True)) == {"application/pdf"}


def test_a_mail_that_is_put_off_keeps_its_file_and_its_name(team: Any, box: Mailbox, tmp_path: Path) -> None:
    attaching("pptx")
    reviewing.sent(tmp_path)
    box.answers = ["451 later"]

    assert delivered(box) == Round(sent=7, waiting=1)
    assert delivered(box, LATER + timedelta(minutes=2)) == Round(sent=1)
    assert len({str(each["Message-ID"]) for each in letters(box)}) == len(letters(box)) == 8
    assert all(len(list(each.iter_attachments())) == 1 for each in letters(box))


def test_files_of_mails_that_wait_go_when_somebody_is_forgotten_and_none_is_larger_than_servers_take(
    db: None,
) -> None:
    file = MailFile("a.pdf", "application/pdf", b"%PDF of somebody")
    post(to="a@b.example", subject="Hello", text="Hello", key="one", now=LATER, file=file)

    assert without_files() == 1 and Mail.objects.get().file is None and Mail.objects.get().text == "Hello"
    large = MailFile("a.pdf", "application/pdf", b"x" * (MOST_BYTES + 1))
    with pytest.raises(MailRefused, match="too large"):
        post(to="a@b.example", subject="Hello", text="", key="two", now=LATER, file=large)
