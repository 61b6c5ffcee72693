"""How durable work is done: the engine, what a piece of work is given, the process that does it.

Here stands what workers see to for this slice and for the mails. Everything that opens the engine
is loaded by the worker alone.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings

from evenbook.messages import actions as mails
from evenbook.messages.queries import is_due
from evenbook.messages.smtp import server_of
from evenbook.policy.queries import latest
from evenbook.runs.declared import Round
from evenbook.runs.jobs.doing import numbers_in


def send_mails(now: datetime) -> None:
    """Send the mails that are due, where a mail server is named."""
    server = server_of(settings.EVENBOOK_MAIL_URL, settings.EVENBOOK_MAIL_FROM)
    if server is None or not is_due(now):
        return
    tries = numbers_in(latest().policy).mail_tries
    mails.send_due(server, clock=lambda: datetime.now(UTC), most_tries=tries)


def forget_mails(now: datetime) -> None:
    """Take away the mails that were sent long ago."""
    mails.forget(now - timedelta(days=numbers_in(latest().policy).keep_days))


MAILS_EVERY_SECONDS = 3
ROUNDS = (Round("mails", MAILS_EVERY_SECONDS, send_mails), Round("old mails", 3600, forget_mails))
WORKS = ()
