"""Whom the mails of a run go to, and where their links lead.

Without a mail server, or where nobody has said where people open Evenbook, no mail is posted: the pages say
the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from evenbook.closures.queries.mails import mail_kinds
from evenbook.closures.rules.told import Letter
from evenbook.messages.actions import post
from evenbook.messages.queries import mails_can_leave
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.mail_choices import MailKind, wants_mail
from evenbook.people.queries import users, viewer_by_mail
from evenbook.people.viewer import SYSTEM, WORK, Viewer
from evenbook.runs.queries import Week


@dataclass(frozen=True)
class Sending:
    """Where links of mails begin, when they are posted, and the kinds that there are."""

    base: str
    now: datetime
    kinds: Mapping[str, MailKind]

    def wanted(self, kind: str, to: str) -> bool:
        """Return whether mails of a kind are to be sent to an address."""
        return wants_mail(to, self.kinds[kind])

    def send(self, kind: str, to: str, letter: Letter, *, key: str) -> None:
        """Put a mail into the outbox where whoever it is for wants its kind; the same key changes nothing."""
        if self.wanted(kind, to):
            post(to=to, subject=letter.subject, text=letter.text, key=key, now=self.now)


def sending_of(shown: Week) -> Sending | None:
    """Return how mails of a run are sent; None where none can leave, or their links would lead nowhere."""
    return sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at)


def sending(kinds: Mapping[str, MailKind], *, now: datetime) -> Sending | None:
    """Return how mails are sent; None where none can leave, or their links would lead nowhere."""
    if not mails_can_leave():
        return None
    try:
        return Sending(base_address(), now, kinds)
    except NoAddress:
        return None


def leaders() -> Iterator[Viewer]:
    """Yield each leader who signs in, as the viewer that they are."""
    yield from readers({"leader"})


def readers(roles: Collection[str]) -> Iterator[Viewer]:
    """Yield each person of these roles who signs in, as the viewer that they are."""
    for each in users(SYSTEM):
        found = viewer_by_mail(each.mail, surface=WORK) if each.role in roles and each.is_active else None
        if found is not None:
            yield found


def week_of(shown: Week) -> str:
    """Return the calendar week of a run, for keys of mails that go out once in it."""
    return "-".join(map(str, shown.run.as_of.isocalendar()[:2]))
