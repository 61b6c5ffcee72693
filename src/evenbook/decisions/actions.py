"""Keeping what runs find for a leader to decide, and what leaders decide of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from evenbook.decisions.models import Decision
from evenbook.decisions.queries import may_decide, visible
from evenbook.decisions.rules import KINDS, SAME_SPELL, WAIT, Cause, is_same_spell
from evenbook.kit.errors import EvenbookError
from evenbook.people.audit import Thing, record
from evenbook.people.viewer import Viewer

LONGEST_NOTE = 500
TAKEN = ("choice", "note", "decided_by", "decided_at", "done_by", "done_at")


class NoSuchDecision(EvenbookError):
    """A decision that is not there, or that who asks may not see."""

    kind = "no-such-decision"
    status = 404


class DecisionRefused(EvenbookError):
    """What was decided is no choice of its kind, lacks its reason, or is not theirs to decide."""

    kind = "decision-refused"


class DecisionOver(EvenbookError):
    """A decision whose cause does not hold any more."""

    kind = "decision-over"
    status = 409


@dataclass(frozen=True)
class Kept:
    """What a run changed, by the number of the decision: what it noticed first, and what waits since it."""

    noticed: dict[int, Cause]
    waiting: dict[int, Cause]


@transaction.atomic
def keep_causes(kind: str, causes: Iterable[Cause], *, as_of: date) -> Kept:
    """Keep all that the newest run found of a kind; what it did not find any more ends, or lapses.

    While a cause holds it is one decision: one that is decided is not asked again.

    Args:
        kind: one of ``rules.KINDS``.
        causes: at most one a subject.
        as_of: the day of the run.
    """
    found = {each.subject: each for each in causes}
    kept = Kept({}, {})
    for row in _spells(kind, as_of):
        cause = found.get((row.person_id, row.account_id))
        if cause is None or (row.waits_from_on and not cause.waits):
            _end(row, as_of)
        elif _goes_on(row, cause, as_of):
            kept.waiting[row.pk] = cause
        if cause is not None:
            del found[cause.subject]
    for cause in found.values():
        row = _opened(kind, cause, as_of)
        kept.noticed[row.pk] = cause
        if cause.waits:
            kept.waiting[row.pk] = cause
    return kept


def decide(number: int, choice: str, note: str = "", *, by: Viewer, now: datetime) -> None:
    """Keep what a leader decides. Deciding the same again changes nothing, otherwise the last word stands.

    Raises:
        NoSuchDecision: there is none that they may see.
        DecisionRefused: it is not theirs, is no choice of its kind, or lacks its reason.
        DecisionOver: its cause does not hold any more.
    """
    note = _said(note)
    with transaction.atomic():
        row = _held(number, by)
        _must_be_a_choice(row.kind, choice, note)
        before = {"choice": row.choice, "note": row.note}
        after = {"choice": choice, "note": note}
        if before == after:
            return
        row.choice, row.note, row.decided_by, row.decided_at = choice, note, by.name[:120], now
        row.done_by, row.done_at = "", None
        row.save(update_fields=TAKEN)
        record(by, "decision.taken", _thing(row), at=now, before=before, after=after)


def take_back(number: int, *, by: Viewer, now: datetime) -> None:
    """Let a decision wait again, as long as its cause holds. One that waits is left as it is.

    Raises:
        NoSuchDecision, DecisionRefused, DecisionOver: as for deciding.
    """
    with transaction.atomic():
        row = _held(number, by)
        if not row.choice:
            return
        before = {"choice": row.choice, "note": row.note}
        row.choice, row.note, row.decided_by, row.decided_at = "", "", "", None
        row.done_by, row.done_at = "", None
        row.save(update_fields=TAKEN)
        record(by, "decision.taken_back", _thing(row), at=now, before=before, after={"choice": ""})


def finish(number: int, *, by: Viewer, now: datetime) -> None:
    """Keep that what was accepted has been done; from this day on its effect is measured. Safe to repeat.

    Raises:
        NoSuchDecision: there is none that they may see.
        DecisionRefused: it is not theirs, or nothing was accepted that could be done.
    """
    with transaction.atomic():
        row = _theirs(number, by)
        if row.choice in {"", WAIT}:
            raise DecisionRefused(
                "Nothing was accepted here that could be done.", fix="Decide first what is to be done."
            )
        if row.done_at is not None:
            return
        row.done_by, row.done_at = by.name[:120], now
        row.save(update_fields=TAKEN)
        record(by, "decision.done", _thing(row), at=now, after={"choice": row.choice})


def _spells(kind: str, as_of: date) -> list[Decision]:
    """Return of each subject the spell that a cause found on a day goes on with."""
    lately = Decision.objects.filter(kind=kind).filter(Q(ended_on=None) | Q(ended_on__gt=as_of - SAME_SPELL))
    newest = {(row.person_id, row.account_id): row for row in lately.order_by("noticed_on", "pk")}
    return [row for row in newest.values() if is_same_spell(row.ended_on, as_of)]


def _goes_on(row: Decision, cause: Cause, as_of: date) -> bool:
    """Write down that a cause still holds; return whether it waits for leaders since now."""
    begins_to_wait = cause.waits and row.waits_from_on is None
    row.ended_on = None
    row.waits_from_on = as_of if begins_to_wait else row.waits_from_on
    if not row.choice:
        row.sentence, row.evidence, row.as_of = cause.sentence, _evidence(cause), as_of
    row.save(update_fields=["ended_on", "waits_from_on", "sentence", "evidence", "as_of"])
    return begins_to_wait


def _end(row: Decision, as_of: date) -> None:
    if row.ended_on is None:
        row.ended_on = as_of
        row.save(update_fields=["ended_on"])


def _opened(kind: str, cause: Cause, as_of: date) -> Decision:
    return Decision.objects.create(
        kind=kind,
        person_id=cause.person_id,
        account_id=cause.account_id,
        sentence=cause.sentence,
        evidence=_evidence(cause),
        noticed_on=as_of,
        waits_from_on=as_of if cause.waits else None,
        as_of=as_of,
    )


def _evidence(cause: Cause) -> dict[str, object]:
    return {"reasons": list(cause.reasons), "figures": [asdict(each) for each in cause.evidence]}


def _theirs(number: int, by: Viewer) -> Decision:
    row = visible(by).select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise NoSuchDecision("There is no such decision that you may see.", fix="Look at Team week again.")
    if row.waits_from_on is None or not may_decide(by, row.person_id):
        raise DecisionRefused("This is decided by a leader above whom it is about.", fix="Ask them.")
    return row


def _held(number: int, by: Viewer) -> Decision:
    row = _theirs(number, by)
    if row.ended_on is not None:
        raise DecisionOver(
            f"This does not hold any more since {row.ended_on:%d %B %Y}.",
            fix="Nothing is to be decided, and nothing was changed.",
        )
    return row


def _must_be_a_choice(kind: str, choice: str, note: str) -> None:
    found = KINDS[kind].choice(choice)
    if found is None:
        names = ", ".join(each.value for each in KINDS[kind].choices)
        raise DecisionRefused(f"'{choice[:40]}' can't be decided here.", fix=f"Choose from: {names}.")
    if len(note) > LONGEST_NOTE:
        raise DecisionRefused(f"The note has more than {LONGEST_NOTE} characters.", fix="Say it shorter.")
    if found.declines and not any(sign.isalnum() for sign in note):
        raise DecisionRefused("Waiting needs a reason.", fix="Say in the note what is waited for.")


def _said(note: str) -> str:
    """Return a note on one line, without what no database keeps."""
    return " ".join(note.replace("\x00", "").encode(errors="ignore").decode().split())


def _thing(row: Decision) -> Thing:
    return Thing("decision", str(row.pk), str(row))
