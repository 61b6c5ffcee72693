"""What receiver and giver of a handoff do: confirm an account, take that back, write the cover note."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.access import person_of
from evenbook.briefings.actions.announcing import (
    NoSuchHandoff,
    account_in,
    arranged,
    held,
    must_be_on,
    thing_of,
)
from evenbook.briefings.models import Handoff, HandoffAccount
from evenbook.briefings.queries.handoffs import handoff as handoff_row
from evenbook.briefings.queries.passing import Passed, PassingWanted, passed, passing
from evenbook.briefings.queries.plans import HandoffNotYours, HandoffRefused
from evenbook.briefings.rules.standing import CONFIRMED, ELSEWHERE, WAITS
from evenbook.briefings.rules.window import NOTE
from evenbook.closures.rules.writing import cleaned, is_placeholder, is_repeated, words_in
from evenbook.people.audit import record
from evenbook.people.viewer import Viewer
from evenbook.runs.queries import week
from evenbook.screens.shown import day_text

LONGEST_NOTE = 10_000
LEAST_WORDS = 8


def confirm(number: int, account: str, *, by: Viewer, now: datetime) -> bool:
    """Confirm that one knows an account that one receives; return whether that is new.

    Raises:
        NoSuchHandoff: there is none of this number, or no such account in it.
        HandoffNotYours: somebody else receives the account.
        HandoffOver: the handoff was called off.
        HandoffRefused: nothing is written of the account yet, or it is with somebody else.
    """
    with transaction.atomic():
        handoff = held(number, by=by)
        must_be_on(handoff)
        row = account_in(handoff, account)
        _must_receive(row, by=by)
        stands = _standing(handoff, row, by=by, now=now)
        if stands.standing == CONFIRMED:
            return False
        _must_be_ready(handoff, stands)
        row.confirmed_at, row.confirmed_by = now, by.name[:120]
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        record(by, "handoff.confirmed", thing_of(handoff), at=now, after={"account": account})
    return True


def confirm_all(number: int, *, by: Viewer, now: datetime) -> int:
    """Confirm the cover note of a short leave, for all accounts that one covers; return how many are new.

    Raises:
        NoSuchHandoff, HandoffOver: there is none of this number, or it was called off.
        HandoffNotYours: who asks covers none of it.
        HandoffRefused: it asks for transfer briefs, or its cover note is not written.
    """
    with transaction.atomic():
        handoff = held(number, by=by)
        must_be_on(handoff)
        person = person_of(by)
        own = handoff.accounts.filter(handover__receiver=person) if person is not None else None
        if own is None or not by.may_write or not own.exists():
            raise HandoffNotYours("You receive no account in this handoff.", fix="Its receivers confirm it.")
        if handoff.asks != NOTE:
            raise HandoffRefused(
                "This handoff is confirmed account by account.", fix="Read each transfer brief, then confirm."
            )
        if handoff.noted_at is None:
            raise HandoffRefused("The cover note is not written yet.", fix=f"Ask {handoff.giver} for it.")
        count = own.filter(confirmed_at=None).update(confirmed_at=now, confirmed_by=by.name[:120])
        if count:
            record(by, "handoff.confirmed", thing_of(handoff), at=now, rows=count)
    return count


def take_back(number: int, account: str, *, by: Viewer, now: datetime) -> None:
    """Take the confirmation of an account back; one that is not confirmed stays as it is.

    Raises:
        NoSuchHandoff, HandoffOver, HandoffNotYours: see ``confirm``.
    """
    with transaction.atomic():
        handoff = held(number, by=by)
        must_be_on(handoff)
        row = account_in(handoff, account)
        _must_receive(row, by=by)
        if row.confirmed_at is None:
            return
        row.confirmed_at, row.confirmed_by = None, ""
        row.save(update_fields=["confirmed_at", "confirmed_by"])
        record(by, "handoff.confirmation-taken-back", thing_of(handoff), at=now, after={"account": account})


def write_note(number: int, text: str, *, by: Viewer, now: datetime) -> None:
    """Write the cover note of a short leave, or write it anew.

    Raises:
        NoSuchHandoff, HandoffOver, HandoffNotYours: it is not there, was called off, or not theirs.
        HandoffRefused: it asks for transfer briefs, or the note says too little or too much.
    """
    with transaction.atomic():
        handoff = arranged(number, by=by)
        if handoff.asks != NOTE:
            raise HandoffRefused(
                "This handoff asks for transfer briefs, not for a cover note.", fix="Write them one by one."
            )
        note = cleaned(text)
        fault = _note_fault(note)
        if fault:
            raise HandoffRefused(
                f"The cover note {fault}.",
                fix="Say who covers, what is open, and what falls into these days.",
            )
        if handoff.note == note:
            return
        handoff.note, handoff.noted_at, handoff.noted_by = note, now, by.name[:120]
        handoff.save(update_fields=["note", "noted_at", "noted_by"])
        record(by, "handoff.note-written", thing_of(handoff), at=now)


def _must_receive(row: HandoffAccount, *, by: Viewer) -> None:
    person = person_of(by)
    if person is None or not by.may_write or row.handover.receiver_id != person.pk:
        raise HandoffNotYours(
            f"{row.handover.receiver} receives {row.handover.account}, and nobody confirms it for them.",
            fix="Ask them; or let somebody else receive it.",
        )


def _standing(handoff: Handoff, row: HandoffAccount, *, by: Viewer, now: datetime) -> Passed:
    shown = handoff_row(by, handoff.pk)
    listed = passing(by, shown, PassingWanted(ids=frozenset({row.pk}))) if shown else []
    if shown is None or not listed:
        raise NoSuchHandoff("This account is in the handoff no more.", fix="Load the page again.")
    (found,) = passed(by, week(by), shown, listed, now=now)
    return found


def _must_be_ready(handoff: Handoff, found: Passed) -> None:
    name = found.of.account_name
    if found.standing == ELSEWHERE:
        raise HandoffRefused(
            f"{name} is with {found.owner_name} now.", fix="Let them receive it in the place of you."
        )
    if found.standing == WAITS:
        what = "cover note" if handoff.asks == NOTE else "transfer brief"
        due = f"; it is due on {day_text(found.loop.due_on)}" if found.loop else ""
        raise HandoffRefused(
            f"The {what} of {name} is not written yet{due}.", fix=f"Ask {handoff.giver} for it."
        )


def _note_fault(note: str) -> str:
    if len(note) > LONGEST_NOTE:
        return f"has {len(note):,} characters; at most {LONGEST_NOTE:,} can be kept"
    if is_placeholder(note) or is_repeated(note, least_words=LEAST_WORDS):
        return "says nothing that others could use"
    count = len(words_in(note))
    return f"has {count} words; at least {LEAST_WORDS} are needed" if count < LEAST_WORDS else ""
