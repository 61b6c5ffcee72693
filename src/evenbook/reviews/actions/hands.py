"""What a raised hand leads to: it is kept, and goes at once to who answers for the account."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from evenbook.book.access import owners_now
from evenbook.book.among import Ids
from evenbook.book.queries import mails_of
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
    """Keep a raised hand and let it go to who answers for the account; once, however often it is raised.

    Returns:
        Whether it is the first time.

    Raises:
        ReviewsRefused: they want something that there is not.
    """
    row, is_new = raise_hand(found, wants=wants, note=note, contact=contact, now=now)
    if is_new:
        row.routed = _routed(row, found, now=now)
        row.save(update_fields=["routed"])
    return is_new


def _routed(row: RaisedHand, found: OpenedReview, *, now: datetime) -> str:
    """Tell the owner of the account, and return where the hand went in words."""
    owner = owners_now(SYSTEM, Ids.of([found.account_id])).get(found.account_id)
    if owner is None:
        return "It waits on the page Reviews: nobody owns the account."
    person, name = owner
    _tell(row, found, mails_of(SYSTEM, [person]).get(person, ""), now=now)
    return f"It went to {name}, who owns the account."


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
