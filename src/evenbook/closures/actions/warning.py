"""Early warnings as decisions that wait for a leader, and the mails about them.

A run opens one for each person whose warning holds. In the first week of a rise the person alone sees it.
A mail goes out once a spell: to the person when it is first noticed, to each leader above them, all new
ones of a run in one mail, when it begins to wait. Without a mail server, or where nobody has said where
people open Evenbook, no mail is posted: the pages say the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evenbook.book.queries import TeamMember, mails_of, staff
from evenbook.closures.actions.sending import Sending, leaders, sending_of
from evenbook.closures.queries.closing_weeks import Closing
from evenbook.closures.queries.mails import OWN_LOAD, WARNINGS
from evenbook.closures.rules.told import to_a_leader, to_the_person
from evenbook.closures.rules.warning import FIRST, SAID
from evenbook.decisions.actions import Kept, keep_causes
from evenbook.decisions.queries import DecisionsWanted, decisions
from evenbook.decisions.rules import EARLY_WARNING, Cause, Evidence
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import Week
from evenbook.screens.places import address


def keep_warnings(shown: Week, found: Mapping[int, Closing]) -> int:
    """Keep whose warning holds as of the newest run; return how many were noticed for the first time."""
    people = {each.id: each for each in staff(SYSTEM) if each.is_person}
    kept = keep_causes(EARLY_WARNING, _causes(found), as_of=shown.run.as_of)
    sending = sending_of(shown)
    if sending is not None:
        _tell_people(kept, people, sending)
        _tell_leaders(kept, sending, run=shown.run.id)
    return len(kept.noticed)


def _causes(found: Mapping[int, Closing]) -> Iterator[Cause]:
    for person, closing in found.items():
        if closing.warns or closing.is_first:
            yield Cause(
                sentence=SAID if closing.warns else FIRST,
                reasons=closing.reasons or closing.first,
                evidence=tuple(_evidence(closing)),
                person_id=person,
                waits=closing.warns,
            )


def _evidence(closing: Closing) -> Iterator[Evidence]:
    stands, week_now = closing.standing, closing.standing.week
    base = "own base" if stands.is_own else "same tiers"
    yield Evidence("Missing share", week_now.share, "share", stands.base, base)
    yield Evidence("Weeks above it", stands.above, "count", None, "")
    yield Evidence("Overdue loops", week_now.overdue, "count", closing.overdue_limit, "limit")
    yield Evidence("Unfinished", week_now.unfinished, "count", closing.unfinished_line, "reference line")


def _tell_people(kept: Kept, people: Mapping[int, TeamMember], sending: Sending) -> None:
    noticed = {number: cause for number, cause in kept.noticed.items() if cause.person_id in people}
    mails = mails_of(SYSTEM, people)
    for number, cause in noticed.items():
        who = people[cause.person_id or 0]
        if who.id in mails:
            link = f"{sending.base}{address('closing', who.key)}"
            letter = to_the_person(who.name, cause.sentence, cause.reasons, waits=cause.waits, link=link)
            sending.send(OWN_LOAD, mails[who.id], letter, key=f"early-warning-{number}")


def _tell_leaders(kept: Kept, sending: Sending, *, run: int) -> None:
    for leader in leaders() if kept.waiting else ():
        seen = decisions(leader, wanted=DecisionsWanted(kind=EARLY_WARNING), ids=kept.waiting)
        theirs = [(each.subject, each.reasons) for each in seen if each.may_decide]
        if theirs:
            letter = to_a_leader(leader.name, theirs, link=f"{sending.base}{address('team-week')}#decisions")
            sending.send(WARNINGS, leader.mail, letter, key=f"early-warnings-{run}-{leader.user_id}")
