"""What people say by hand of the work on an account of the sheet."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from evenbook.book.access import answers_for
from evenbook.book.lookup import account_of_key
from evenbook.book.queries import NamedAccount
from evenbook.frames.actions import note_write
from evenbook.hotsheet.models import LONGEST_NAME, LONGEST_NOTE, HotCase, HotMark
from evenbook.hotsheet.rules.cases import FALSE_ALARM
from evenbook.hotsheet.tables import MARKS
from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer


class CaseRefused(EvenbookError):
    """The work on an account can't be marked so."""

    kind = "case-refused"
    status = 409


class CaseGone(EvenbookError):
    """There is no such account, or the viewer may not know it."""

    kind = "case-gone"
    status = 404


class CaseNotYours(EvenbookError):
    """Somebody who does not answer for the account tried to say how its work stands."""

    kind = "case-not-yours"
    status = 403


@transaction.atomic
def mark(key: str, choice: str, *, by: Viewer, now: datetime, day: date, note: str = "") -> HotCase:
    """Say how the work on an account stands; the same again changes nothing.

    Args:
        key: of the account.
        choice: of ``rules.cases.MARKS``. A false alarm ends the work, and needs a note that says why.
        by: who says so; whoever answers for the account may.
        now: the present instant.
        day: the day it is where they are.
        note: what was done, or why.

    Raises:
        CaseGone: the viewer knows no such account.
        CaseNotYours: ``by`` does not answer for the account.
        CaseRefused: there is no work on it that could be marked so, or the note is missing.
    """
    account = account_of_key(by, key)
    if account is None:
        raise CaseGone(f"There is no account {key}.", fix="See `evenbook hotsheet`.")
    if not answers_for(by, account.id):
        raise CaseNotYours(
            "Only its owner, who leads them and operations say how work on an account stands.",
            fix="Ask the owner.",
        )
    row = _latest(account, choice, day=day)
    before = _said(row)
    _MARKED[choice](row, by, day, note.strip()[:LONGEST_NOTE])
    if _said(row) != before:
        row.save()
        _kept(row, choice, by, now)
        thing = audit.Thing("account", row.account.key, row.account.name)
        audit.record(by, f"hotsheet.{choice}", thing, at=now, before=before, after=_said(row))
    return row


def _kept(row: HotCase, choice: str, by: Viewer, now: datetime) -> None:
    """Keep what was said, and when: it answers a risk. Work that was begun stays begun."""
    if choice == "take-back":
        marks = row.marks.exclude(kind=HotMark.Kind.WORKING).filter(taken_back_at=None)
        note_write(MARKS, marks.update(taken_back_at=now), earliest_at=now, now=now)
        return
    row.marks.create(kind=choice, at=now, by=by.name[:LONGEST_NAME])
    note_write(MARKS, 1, earliest_at=now, now=now)


def _latest(account: NamedAccount, choice: str, *, day: date) -> HotCase:
    rows = HotCase.objects.select_for_update(of=("self",)).filter(account=account.id, began_on__lte=day)
    row = rows.select_related("account").order_by("-began_on").first()
    ended_by_hand_today = row is not None and row.ended_on == day and row.ending == FALSE_ALARM
    if row is None or (row.ended_on is not None and not (ended_by_hand_today and choice != "working")):
        raise CaseRefused(
            f"No work is open on {account.name}.", fix="It opens when the account comes onto the sheet."
        )
    return row


def _working(row: HotCase, by: Viewer, day: date, note: str) -> None:
    if row.acted_on is None:
        row.acted_on, row.acted_known_on = day, day
        row.act = note or f"{by.name[:LONGEST_NAME]} is on it"


def _claimed(row: HotCase, by: Viewer, day: date, note: str) -> None:
    _working(row, by, day, note)
    if row.claimed_on is None:
        row.claimed_on, row.claimed_by = day, by.name[:LONGEST_NAME]


def _false_alarm(row: HotCase, by: Viewer, day: date, note: str) -> None:
    if not note:
        raise CaseRefused(
            "A false alarm needs a word of why.", fix="Say what you found: the next sheet learns of it."
        )
    row.ended_on, row.ended_known_on = day, day
    row.ending, row.why = FALSE_ALARM, note


def _taken_back(row: HotCase, by: Viewer, day: date, note: str) -> None:
    row.ended_on, row.ended_known_on = None, None
    row.ending, row.why = "", ""
    row.claimed_on, row.claimed_by = None, ""


_MARKED = {"working": _working, "saved": _claimed, "false-alarm": _false_alarm, "take-back": _taken_back}


def _said(row: HotCase) -> dict[str, str]:
    names = ("acted_on", "act", "claimed_on", "claimed_by", "ended_on", "ending", "why")
    return {name: str(getattr(row, name) or "") for name in names}
