"""What the mails about openings say. Plain text; names are put on one line.

Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evenbook.closures.rules.told import Letter
from evenbook.closures.rules.writing import one_line
from evenbook.kit.findings import counted

ONE = """{name},

{account} may want {what}. Opened by: {opener}.
{held}
You take it to yes or no. It stands with its note at

{link}
"""

HELD = "The account is on the hot sheet: reach out once the save is closed, not before.\n"


WEEK = """{name},

{openings} for your first answer:

{listed}

They stand at

{link}
"""

ALARM = """{name},

Openings wait too long for a first answer:

{listed}

Each stands with its evidence at

{link}
"""


ENDED = """{account} has ended its trial of {product}, on the page of its business review.

It was to run until {last} and is over now: switch it off. Nobody needs to be convinced; if there is
something to learn, ask. It stands at

{link}
"""


def of_opt_out(account: str, product: str, *, last_on: date, link: str) -> Letter:
    """Return what whoever closes is told of a trial that its customer ended."""
    name, what = one_line(account), one_line(product)
    text = ENDED.format(account=name, product=what, last=f"{last_on.day} {last_on:%B %Y}", link=link)
    return Letter(f"{name} ended its trial of {what}", text)


def of_the_week(name: str, waiting: Sequence[tuple[str, str, date]], *, link: str) -> Letter:
    """Return what whoever closes is told on Mondays: of each opening the account, what it wants, its day."""
    openings = counted(len(waiting), "opening waits", "openings wait").capitalize()
    listed = "\n".join(
        f"{one_line(account)}: {one_line(what)}, by {due.day} {due:%B}" for account, what, due in waiting
    )
    text = WEEK.format(name=one_line(name), openings=openings, listed=listed, link=link)
    return Letter(f"{openings} for your answer", text)


def of_alarms(name: str, waiting: Sequence[tuple[str, str]], *, link: str) -> Letter:
    """Return what a leader is told of openings that nobody answered: the account and the sentence."""
    listed = "\n".join(f"{one_line(account)}: {one_line(sentence)}" for account, sentence in waiting)
    return Letter(
        f"{counted(len(waiting), 'account', 'accounts').capitalize()} without a first answer",
        ALARM.format(name=one_line(name), listed=listed, link=link),
    )


def of_opening(name: str, account: str, *, opener: str, product: str, is_held: bool, link: str) -> Letter:
    """Return what whoever closes is told of one opening."""
    what = one_line(product) or "more than they have"
    text = ONE.format(
        name=one_line(name),
        account=one_line(account),
        what=what,
        opener=one_line(opener),
        held=HELD if is_held else "",
        link=link,
    )
    return Letter(f"Opened for you: {one_line(account)}", text)
