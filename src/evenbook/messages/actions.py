"""Putting mails into the outbox, and sending those that are due.

A mail is posted in the transaction of what it tells of, and sent later: what was undone is never
told, and a mail server that is away keeps nobody waiting. What a mail says is written to no log.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from evenbook.kit.errors import EvenbookError
from evenbook.messages.models import Mail
from evenbook.messages.smtp import Connection, NotSent, Server

LEASE = timedelta(minutes=5)
"""For so long a mail that somebody tries is left alone; after it, they are taken for dead."""

LONGEST_WAIT = timedelta(hours=6)
LONGEST_SUBJECT = 200
MOST_BYTES = 18_000_000
"""Of a file: a third more as it travels, and many mail servers take no more than 25 MB."""

MOST_A_ROUND = 100
"""Mails that one round sends at the most."""

log = logging.getLogger(__name__)


class MailRefused(EvenbookError):
    """Something can't be posted as a mail."""

    kind = "mail-refused"


@dataclass(frozen=True)
class MailFile:
    """A file that goes with a mail: its name, its media type, its bytes."""

    name: str
    media_type: str
    contents: bytes


@dataclass(frozen=True)
class Round:
    """What one round of sending did: how many mails went out, wait longer, were given up."""

    sent: int = 0
    waiting: int = 0
    given_up: int = 0


def post(*, to: str, subject: str, text: str, key: str, now: datetime, file: MailFile | None = None) -> None:
    """Put one mail into the outbox; the same key again changes nothing.

    Args:
        to: one mail address.
        subject: one line of at most 200 characters.
        text: plain text.
        key: what the mail is about, at most 200 characters; unlike for unlike mails.
        now: when.
        file: goes with it; kept until it is sent.

    Raises:
        MailRefused: the address is none, the subject is not one line, or the file is too large.
    """
    try:
        validate_email(to)
    except ValidationError:
        raise MailRefused("That is not a mail address.", fix="Write it like amara@company.example.") from None
    if not subject.strip() or len(subject) > LONGEST_SUBJECT or not subject.isprintable():
        raise MailRefused(
            "A mail's subject is one line of at most 200 characters.", fix="Shorten it, or leave breaks out."
        )
    made = {"to": to, "subject": subject, "text": text, "created_at": now, "due_at": now, **_file(file)}
    Mail.objects.get_or_create(key=key, defaults=made)


def _file(file: MailFile | None) -> dict[str, object]:
    if file is None:
        return {}
    if len(file.contents) > MOST_BYTES:
        raise MailRefused("That file is too large for a mail.", fix="Send the link to it alone.")
    return {"file": file.contents, "file_name": file.name[:120], "file_type": file.media_type}


def without_files() -> int:
    """Let mails that wait go without their files, which may name who is to be forgotten; return how many."""
    return Mail.objects.exclude(file=None).update(file=None, file_name="", file_type="")


def send_due(
    server: Server, *, clock: Callable[[], datetime], most_tries: int, most_mails: int = MOST_A_ROUND
) -> Round:
    """Send the mails that are due, the oldest first, and say what became of them.

    A mail that is refused for a while waits twice as long each time, one minute first and six hours
    at most; after ``most_tries``, or where it is refused for good, it is given up. Where the server
    itself is away, the round ends.
    """
    done = {"sent": 0, "waiting": 0, "given_up": 0}
    with Connection(server) as connection:
        for number in _due(clock(), most_mails):
            mail = _taken(number, clock())
            if mail is None:
                continue
            trouble = _send(mail, server, connection, now=clock(), most_tries=most_tries)
            done[mail.standing] += 1
            if trouble is not None and trouble.is_everybodys:
                break
    return Round(**done)


def try_again(now: datetime) -> int:
    """Let the mails that were given up be tried once more from the start; return how many."""
    given_up = Mail.objects.filter(standing=Mail.Standing.GIVEN_UP)
    return given_up.update(standing=Mail.Standing.WAITING, due_at=now, tries=0, ended_at=None)


def forget(before: datetime) -> int:
    """Take away the mails that were sent before an instant; return how many."""
    return Mail.objects.filter(standing=Mail.Standing.SENT, ended_at__lt=before).delete()[0]


def _due(now: datetime, most: int) -> list[int]:
    rows = Mail.objects.filter(standing=Mail.Standing.WAITING, due_at__lte=now)
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:most])


def _taken(number: int, now: datetime) -> Mail | None:
    """Return a mail that is ours to try, or None where somebody else was first."""
    mine = Mail.objects.filter(pk=number, standing=Mail.Standing.WAITING, due_at__lte=now)
    if not mine.update(due_at=now + LEASE, tries=F("tries") + 1):
        return None
    return Mail.objects.get(pk=number)


def _send(
    mail: Mail, server: Server, connection: Connection, *, now: datetime, most_tries: int
) -> NotSent | None:
    try:
        connection.send(_letter(mail, server))
    except NotSent as error:
        _put_off(mail, error, now=now, most_tries=most_tries)
        return error
    mail.standing, mail.ended_at, mail.text, mail.trouble = Mail.Standing.SENT, now, "", ""
    mail.file, mail.file_name, mail.file_type = None, "", ""
    mail.save(update_fields=["standing", "ended_at", "text", "trouble", "file", "file_name", "file_type"])
    return None


def _put_off(mail: Mail, error: NotSent, *, now: datetime, most_tries: int) -> None:
    mail.trouble = error.why
    if error.is_final or mail.tries >= most_tries:
        mail.standing, mail.ended_at = Mail.Standing.GIVEN_UP, now
    mail.due_at = now + min(LONGEST_WAIT, timedelta(minutes=2 ** min(mail.tries - 1, 10)))
    mail.save(update_fields=["standing", "ended_at", "due_at", "trouble"])
    log.warning("A mail was not sent.", extra={"mail": mail.pk, "tries": mail.tries, "why": error.why})


def _letter(mail: Mail, server: Server) -> EmailMessage:
    """Return the mail as it travels: the same name each time, so that a mailbox shows it once."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = server.sender, mail.to, mail.subject
    letter["Date"] = format_datetime(mail.created_at)
    mark = hashlib.sha256(mail.key.encode()).hexdigest()[:32]
    letter["Message-ID"] = f"<{mark}@{server.sender.rpartition('@')[2].rstrip('>')}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(mail.text)
    if mail.file is not None:
        main, _, sub = mail.file_type.partition("/")
        letter.add_attachment(bytes(mail.file), maintype=main, subtype=sub, filename=mail.file_name)
    return letter
