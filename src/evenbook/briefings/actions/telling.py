"""The mail that tells receivers of a handoff what comes to them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from evenbook.book.queries import mails_of
from evenbook.briefings.models import Handoff
from evenbook.briefings.queries.mails import HANDOFF, mail_kinds
from evenbook.briefings.rules.letters import to_a_receiver
from evenbook.briefings.rules.window import ROLE_PASSED
from evenbook.closures.actions.sending import sending
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest
from evenbook.screens.places import address
from evenbook.screens.shown import day_text


def tell_receivers(handoff: Handoff, receivers: Iterable[tuple[int, str]], *, now: datetime) -> None:
    """Post to each receiver of a handoff how many accounts come to them, once a handoff.

    Args:
        handoff: which.
        receivers: the id and name of who receives, an entry for each account.
        now: when.
    """
    sent = sending(mail_kinds(SYSTEM, latest().policy), now=now)
    if sent is None:
        return
    counts = Counter(receivers)
    mails = mails_of(SYSTEM, {person for person, _ in counts})
    for (person, name), accounts in counts.items():
        if person in mails:
            letter = to_a_receiver(
                name,
                str(handoff.giver),
                accounts=accounts,
                day=day_text(handoff.first_on),
                link=f"{sent.base}{address('handoff', handoff.pk)}",
                is_role=handoff.reason == ROLE_PASSED,
            )
            sent.send(HANDOFF, mails[person], letter, key=f"handoff-{handoff.pk}-{person}")
