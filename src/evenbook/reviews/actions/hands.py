"""What a raised hand leads to: it is kept, opened for whoever closes, and its account's owner is told."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from evenbook.book.access import owners_now
from evenbook.book.among import Ids
from evenbook.book.queries import mails_of
from evenbook.expansion.actions import raise_hand as open_hand
from evenbook.messages.actions import post
from evenbook.messages.queries import mails_can_leave
from evenbook.people.addresses import NoAddress, base_address
from evenbook.people.mail_choices import wants_mail
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest
from evenbook.reviews.actions.links import OpenedReview, raise_hand
from evenbook.reviews.models import RaisedHand
from evenbook.reviews.queries.mails import HANDS, mail_kinds
from evenbook.reviews.rules.letters import hand_letter


@transaction.atomic
def raise_and_route(found: OpenedReview, *, wants: str, note: str, contact: str, now: datetime) -> bool:
    """Keep a raised hand and open it for whoever closes; once, however often it is raised.

    Returns:
        Whether it is the first time.

    Raises:
        ReviewsRefused: they want something that there is not.
    """
    row, is_new = raise_hand(found, wants=wants, note=note, contact=contact, now=now)
    if is_new:
        row.routed = _routed(row, found, now=now)
        row.save(update_fields=["routed", "opening"])
    return is_new


def _routed(row: RaisedHand, found: OpenedReview, *, now: datetime) -> str:
    """Open it for whoever closes, tell the owner of the account, and return where the hand went in words."""
    opening = open_hand(
        found.account_id,
        source="review",
        key=f"review-hand-{row.pk}",
        note=row.note,
        contact=row.contact,
        wants=row.wants,
        now=now,
    )
    row.opening = opening.id
    owner = owners_now(SYSTEM, Ids.of([found.account_id])).get(found.account_id)
    if owner is not None:
        _tell(row, found, mails_of(SYSTEM, [owner[0]]).get(owner[0], ""), now=now)
    whose = f"went to {opening.owner}" if opening.owner else "waits for somebody to take it"
    held = "; it is held until the account is saved" if opening.held else ""
    return f"Opening {opening.id} {whose}{held}."


def _tell(row: RaisedHand, found: OpenedReview, mail: str, *, now: datetime) -> None:
    """Mail the owner, where mails can leave and they want it; a demo mails nothing."""
    kind = mail_kinds(SYSTEM, latest().policy)[HANDS]
    if settings.EVENBOOK_DEMO or not mails_can_leave() or not mail or not wants_mail(mail, kind):
        return
    try:
        address = f"{base_address()}/reviews/of/{found.review_id}"
    except NoAddress:
        return
    letter = hand_letter(
        account=found.deck.account,
        wants=row.get_wants_display().lower(),
        note=row.note,
        contact=row.contact,
        address=address,
    )
    post(to=mail, subject=letter.subject, text=letter.text, key=f"raised-hand-{row.pk}", now=now)
