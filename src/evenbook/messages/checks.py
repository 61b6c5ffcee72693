"""What the doctor looks at in the outbox: mails that nobody sends, and mails that were given up."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from evenbook.kit.errors import EvenbookError
from evenbook.kit.findings import Check, Finding, counted
from evenbook.messages.queries import outbox
from evenbook.messages.smtp import server_of

PATIENCE = timedelta(minutes=15)


def mail_settings(now: datetime) -> Finding | None:
    """Find mails that wait although no mail server is named, or settings that can't be read."""
    try:
        server = server_of(settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_MAIL_FROM)
    except EvenbookError as error:
        return Finding(error.what, error.fix)
    waiting = outbox().waiting
    if server is not None or not waiting:
        return None
    return Finding(
        f"{counted(waiting, 'mail waits', 'mails wait')}, and no mail server is named.",
        "Set EVENBOOK_MAIL_URL, or hand the links on yourself: docs/guides/durable-work.md.",
    )


def mail_sent(now: datetime) -> Finding | None:
    """Find mails that were given up, or that wait for long."""
    found = outbox()
    why = f": {found.trouble}" if found.trouble else ""
    if found.given_up:
        return Finding(
            f"{counted(found.given_up, 'mail was', 'mails were')} given up{why}.",
            "Mend the cause, then run: evenbook runs retry mail",
        )
    if not settings.EVENBOOK_MAIL_URL or found.oldest_at is None or now - found.oldest_at < PATIENCE:
        return None
    return Finding(
        f"{counted(found.waiting, 'mail waits', 'mails wait')}, the oldest since "
        f"{found.oldest_at:%Y-%m-%d %H:%M} UTC{why}.",
        "See that a worker runs (evenbook worker) and that the mail server answers.",
    )


CHECKS = (
    Check("mail-settings", "A mail server is named, or no mail waits for one.", mail_settings),
    Check("mail-sent", "No mail was given up or waits for long.", mail_sent),
)
