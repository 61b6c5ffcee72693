"""The mail that tells leaders of a month once it is over."""

from __future__ import annotations

from urllib.parse import urlencode

from evenbook.closures.actions.sending import leaders, sending
from evenbook.kit.months import Month
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import Week
from evenbook.screens.places import address
from evenbook.throughput.queries.mails import MONTHLY, mail_kinds
from evenbook.throughput.queries.monthly import NoPack, pack
from evenbook.throughput.queries.monthly_said import Said
from evenbook.throughput.rules.told import of_the_month


def tell_of_the_month(shown: Week) -> None:
    """Tell each leader of the month before that of a run, once: the first run of a month does.

    A leader who leads nobody with figures, or a month without a stored week, brings no mail.
    """
    month = Month.of(shown.run.as_of).before
    sender = sending(mail_kinds(SYSTEM, shown.policy), now=shown.run.ended_at)
    for leader in leaders() if sender is not None else ():
        try:
            found = pack(leader, month)
        except NoPack:
            continue
        said = Said(found)
        sentences = [each.sentence for each in said.sections]
        link = f"{sender.base}{address('monthly')}?{urlencode({'month': month.key})}" if sender else ""
        letter = of_the_month(leader.name, month.title, said.headline, sentences, link=link)
        if sender is not None:
            sender.send(MONTHLY, leader.mail, letter, key=f"monthly-{month.key}-{leader.user_id}")
