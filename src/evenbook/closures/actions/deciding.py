"""What people decide of loops beside closing them: to waive one, to take one, that a follow-up is done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.book.access import narrowed, person_of
from evenbook.closures.actions.owed import LoopNotYours, NoSuchLoop, WaiverRefused, held, must_be_open
from evenbook.closures.models import FollowUp, Loop
from evenbook.closures.queries.written import is_of_their_pool, leads
from evenbook.closures.rules.writing import cleaned, short
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer

WAIVERS = tuple(Loop.Waiver.choices)
REASONS = tuple(Loop.Waiver.values)
LONGEST_NOTE = 500


def waive(key: str, reason: str, note: str, *, by: Viewer, now: datetime) -> None:
    """Let a loop go with a reason. It is counted, closes nothing and covers nobody.

    Raises:
        NoSuchLoop, LoopDone: it is not there, or needs no waiver.
        WaiverRefused: the reason is none of the three, or who asks does not lead whoever owes it.
    """
    if reason not in REASONS:
        raise WaiverRefused(
            f"'{short(reason)}' is no reason to waive a loop.", fix=f"The reasons are: {', '.join(REASONS)}."
        )
    note = cleaned(note)
    if len(note) > LONGEST_NOTE:
        raise WaiverRefused(f"The note has more than {LONGEST_NOTE} characters.", fix="Say it shorter.")
    with transaction.atomic():
        loop = held(key, by=by)
        must_be_open(loop)
        if not leads(by, loop):
            raise WaiverRefused("A loop is waived by the leader of whoever owes it.", fix="Ask them.")
        loop.waived_at, loop.waived_by = now, by.name[:120]
        loop.waiver, loop.waiver_note = reason, note
        loop.save(update_fields=["waived_at", "waived_by", "waiver", "waiver_note"])
        thing = Thing("loop", str(loop.pk), loop.key)
        record(by, "loop.waived", thing, at=now, after={"reason": reason, "note": note})


def take(key: str, *, by: Viewer, now: datetime) -> None:
    """Take a loop that a pool owes onto one's own week.

    Raises:
        NoSuchLoop, LoopDone: it is not there, or done.
        LoopNotYours: it is owed by no pool that they are in or lead, or somebody has it.
    """
    with transaction.atomic():
        loop = held(key, by=by)
        must_be_open(loop)
        person = person_of(by)
        if loop.taken_by is not None:
            raise LoopNotYours(f"{loop.taken_by} has taken this loop.", fix="Choose another one.")
        if person is None or not by.may_write or not is_of_their_pool(by, loop):
            raise LoopNotYours(
                "This loop is not owed by a pool that you are in or lead.", fix="Ask its owner."
            )
        loop.taken_by = person
        loop.save(update_fields=["taken_by"])
        record(by, "loop.taken", Thing("loop", str(loop.pk), loop.key), at=now, after={"by": person.key})


def settle_follow_up(number: int, *, is_done: bool, by: Viewer, now: datetime) -> None:
    """Say that a follow-up is done, or take that back. What stands so already is left as it is.

    Raises:
        NoSuchLoop: there is none that the viewer may see.
        LoopNotYours: somebody else is to do it.
    """
    with transaction.atomic():
        rows = FollowUp.objects.select_for_update(of=("self",)).filter(pk=number, is_dropped=False)
        found = rows.select_related("artifact").first()
        if found is None:
            raise NoSuchLoop("There is no such follow-up.", fix="Look at your week again.")
        own, person = narrowed(rows, by, "artifact__account").exists(), person_of(by)
        if not by.may_write or not (own or (person is not None and found.person_id == person.pk)):
            raise LoopNotYours("This follow-up is not yours.", fix=f"Ask {found.who}.")
        if (found.done_at is not None) == is_done:
            return
        found.done_at, found.done_by = (now, by.name[:120]) if is_done else (None, "")
        found.save(update_fields=["done_at", "done_by"])
        what = "follow_up.done" if is_done else "follow_up.reopened"
        record(by, what, Thing("follow_up", str(found.pk), found.what), at=now)
