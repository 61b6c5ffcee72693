"""Choosing one's mails: of the kinds that there are."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from evenbook.desk.queries.mails import kinds_of_mails
from evenbook.people.mail_choices import MailsRefused, choose_mails
from evenbook.people.viewer import Viewer


def choose(by: Viewer, wanted: Mapping[str, bool], *, now: datetime) -> bool:
    """Keep which mails one wants, by kind; return whether anything was otherwise before.

    Raises:
        MailsRefused: there is no such kind, or nobody who signs in is behind the choice.
    """
    known = kinds_of_mails(by)
    strange = next((kind for kind in wanted if kind not in known), None)
    if strange is not None:
        raise MailsRefused(f"There is no mail '{strange[:40]}'.", fix=f"The mails are: {', '.join(known)}.")
    return choose_mails(by, wanted, now=now)
