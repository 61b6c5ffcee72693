"""Whom the mails of a run go to, and where their links lead.

Without a mail server, or where nobody has said where people open Evenbook, no mail is posted: the pages say
the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from evenbook.closures.rules.told import Letter
from evenbook.messages.actions import post
from evenbook.messages.queries import mails_can_leave
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.queries import users, viewer_by_mail
from evenbook.people.viewer import SYSTEM, WORK, Viewer
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Sending:
    """Where links of mails begin, and the run that the mails are of."""

    base: str
    run: int
    now: datetime

    def send(self, to: str, letter: Letter, *, key: str) -> None:
        """Put a mail into the outbox; the same key again changes nothing."""
        post(to=to, subject=letter.subject, text=letter.text, key=key, now=self.now)


def sending_of(shown: Week) -> Sending | None:
    """Return how mails of a run are sent; None where none can leave, or their links would lead nowhere."""
    if not mails_can_leave():
        return None
    try:
        return Sending(base_address(), shown.run.id, shown.run.ended_at)
    except NoAddress:
        return None


def leaders() -> Iterator[Viewer]:
    """Yield each leader who signs in, as the viewer that they are."""
    for each in users(SYSTEM):
        found = viewer_by_mail(each.mail, surface=WORK) if each.role == "leader" and each.is_active else None
        if found is not None:
            yield found
