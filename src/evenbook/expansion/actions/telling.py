"""Telling whoever closes that something was opened for them, at once and once."""

from __future__ import annotations

from datetime import datetime

from evenbook.book.queries import mails_of
from evenbook.closures.actions.sending import sending
from evenbook.expansion.models import Opening
from evenbook.expansion.queries.mails import OPENINGS, mail_kinds
from evenbook.expansion.rules.told import of_opening
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest
from evenbook.screens.places import address


def tell_owner(number: int, *, now: datetime) -> bool:
    """Put a mail about an opening into the outbox; return whether one is there for its owner."""
    row = Opening.objects.select_related("account", "owner").get(pk=number)
    if row.owner is None:
        return False
    to = mails_of(SYSTEM, [row.owner.pk]).get(row.owner.pk, "")
    sender = sending(mail_kinds(SYSTEM, latest().policy), now=now) if to else None
    if sender is None:
        return False
    letter = of_opening(
        row.owner.name,
        row.account.name,
        opener=row.get_role_display(),
        product=row.product,
        is_held=row.held_at is not None and row.released_at is None,
        link=f"{sender.base}{address('opening', row.pk)}",
    )
    sender.send(OPENINGS, to, letter, key=f"opening-{row.pk}-{row.owner.pk}")
    return True
