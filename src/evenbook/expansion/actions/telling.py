"""Telling who closes what was opened for them, and of trials that customers end: at once; leaders the alarms.

On Mondays they are told what waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from evenbook.book.access import owners_now
from evenbook.book.among import Ids
from evenbook.book.queries import mails_of
from evenbook.closures.actions.sending import leaders, sending
from evenbook.decisions.queries import DecisionsWanted, decisions
from evenbook.decisions.rules import OPEN
from evenbook.expansion.models import Opening, Trial
from evenbook.expansion.queries.mails import OPENINGS, mail_kinds
from evenbook.expansion.queries.openings import OpeningRow
from evenbook.expansion.rules.routing import Closer
from evenbook.expansion.rules.told import of_alarms, of_opening, of_opt_out, of_the_week
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import latest
from evenbook.runs.queries import Week
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


def tell_of_opt_out(number: int, closer: Closer | None, *, now: datetime) -> bool:
    """Put a mail about a trial that its customer ended into the outbox; return whether one is there.

    It goes to whoever closes for the account and product; where nobody does, to whoever owns the account.
    """
    row = Trial.objects.select_related("account").get(pk=number)
    owner = (
        closer.id if closer else owners_now(SYSTEM, Ids.of([row.account_id])).get(row.account_id, (None,))[0]
    )
    to = mails_of(SYSTEM, [owner]).get(owner, "") if owner else ""
    sender = sending(mail_kinds(SYSTEM, latest().policy), now=now) if to else None
    if sender is None:
        return False
    letter = of_opt_out(
        row.account.name,
        row.product,
        last_on=row.last_on,
        link=f"{sender.base}{address('expansion-ladder')}#trials",
    )
    sender.send(OPENINGS, to, letter, key=f"trial-ended-{row.pk}")
    return True


def tell_of_the_week(shown: Week, waiting: Sequence[OpeningRow], alarms: Sequence[int]) -> None:
    """Tell each closer what waits for a first answer, and each leader of what newly waits too long."""
    sender = sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at)
    if sender is None:
        return
    mine: dict[int, list[OpeningRow]] = {}
    for each in waiting:
        if each.state == Opening.State.OPENED and not each.is_held and each.owner_id is not None:
            mine.setdefault(each.owner_id, []).append(each)
    link = f"{sender.base}{address('expansion')}"
    for person, to in mails_of(SYSTEM, mine).items():
        rows = [(each.account_name, each.wants_name, each.due_on) for each in mine[person]]
        letter = of_the_week(mine[person][0].owner_name, rows, link=link)
        sender.send(OPENINGS, to, letter, key=f"openings-{shown.run.id}-{person}")
    for leader in leaders() if alarms else ():
        seen = decisions(leader, wanted=DecisionsWanted(state=OPEN), ids=alarms)
        theirs = [(each.subject, each.sentence) for each in seen if each.may_decide]
        if theirs:
            letter = of_alarms(leader.name, theirs, link=f"{sender.base}{address('decisions')}?state={OPEN}")
            sender.send(OPENINGS, leader.mail, letter, key=f"unanswered-{shown.run.id}-{leader.user_id}")
