"""The form of an artifact: its questions, filled with what somebody typed or with what the records know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evenbook.book.access import opened
from evenbook.book.holding import announced_receiver
from evenbook.book.queries import contacts, me
from evenbook.closures.models import Brief, Draft
from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import STABLE, Question
from evenbook.closures.queries.loops import LoopRow, LoopsWanted, loops
from evenbook.closures.queries.written import promises_of
from evenbook.closures.rules.standard import form_of
from evenbook.people.viewer import Viewer
from evenbook.policy.queries import latest
from evenbook.records.queries import last_answers, next_booked
from evenbook.runs.queries import Week
from evenbook.screens.shown import day_text
from evenbook.states.queries import standings

LEVELS = {"red": "high", "yellow": "medium", "green": "low"}
PEOPLE_NAMED = 5


@dataclass(frozen=True)
class Form:
    """An artifact's form: its questions and the answers that stand in it.

    ``is_draft`` says that somebody has typed in it before, at ``saved_at``.
    """

    questions: tuple[Question, ...]
    answers: Mapping[str, Any]
    is_draft: bool = False
    saved_at: datetime | None = None


def questions_of(viewer: Viewer, artifact: str) -> tuple[Question, ...]:
    """Return the questions that an artifact written now has to answer, in order."""
    return form_of(latest().policy.of(ClosuresNumbers), artifact)


def form(viewer: Viewer, week: Week, row: LoopRow, *, now: datetime) -> Form:
    """Return the form for a loop: the viewer's own draft, else what the records know."""
    questions = questions_of(viewer, row.artifact_kind)
    draft = Draft.objects.filter(loop_id=row.id, user_id=viewer.user_id).first() if viewer.user_id else None
    if draft is not None:
        return Form(questions, draft.answers, True, draft.saved_at)
    waiting = Brief.objects.filter(loop_id=row.id, replaced_at=None, recorded_at=None).first()
    if waiting is not None and waiting.writer_id == viewer.user_id:
        return Form(questions, waiting.answers)
    known = {**_of_health(viewer, week, row), **_of_people(viewer, week, row), **_of_days(viewer, row, now)}
    if any(each.field == "promises" for each in questions):
        known |= _of_handover(viewer, row)
    asked = {each.field for each in questions}
    return Form(questions, {field: value for field, value in known.items() if field in asked and value})


def _of_health(viewer: Viewer, week: Week, row: LoopRow) -> dict[str, Any]:
    """Return the score and band of now, and whether the band is another than at the last review."""
    stands = standings(viewer, week.run.id, [row.account_id]).get(row.account_id)
    if stands is None:
        return {}
    before = last_answers(viewer, row.account_id, row.artifact_kind).get("band")
    moved = before is not None and before != stands.color
    return {
        "score": round(stands.score) if stands.score is not None else None,
        "band": stands.color,
        "moved": "yes" if moved else "no",
        "outcome": "" if moved else STABLE,
        "level": LEVELS.get(stands.color, ""),
        "state": f"{row.account_name} is {stands.state.replace('_', ' ')}.",
    }


def _of_people(viewer: Viewer, week: Week, row: LoopRow) -> dict[str, Any]:
    own = me(viewer)
    named = [
        f"{each.name} ({each.title})" if each.title else each.name
        for each in contacts(viewer, row.account_id)
    ]
    of_account = LoopsWanted(account_id=row.account_id, as_they_are=True)
    others = [
        each for each in loops(viewer, week.policy, week.run.as_of, wanted=of_account) if each.id != row.id
    ]
    listed = "; ".join(f"{each.title}, due {day_text(each.due_on)}" for each in others)
    return {
        "people": ", ".join(named[:PEOPLE_NAMED]),
        "open_loops": listed or "No other loop is open.",
        "receiver": row.owner_name,
        "follow_ups": [{"what": "", "who": row.owner_name or (own.name if own else ""), "by": ""}],
    }


def _of_handover(viewer: Viewer, row: LoopRow) -> dict[str, Any]:
    """Return what is promised, and who receives the account where that was announced."""
    open_ones = promises_of(viewer, opened(viewer, [row.account_id])).get(row.account_id, ())
    said = last_answers(viewer, row.account_id, "decision_record").get("promised", "")
    listed = [f"{each.what}: {each.who}, by {day_text(each.due_on)}" for each in open_ones]
    promises = "; ".join([*listed, *([f"at the last review: {said}"] if said else [])])
    found = {"promises": promises or "No promise is open."}
    receiver = announced_receiver(viewer, row.account_id, row.role)
    return {**found, "receiver": receiver} if receiver else found


def _of_days(viewer: Viewer, row: LoopRow, now: datetime) -> dict[str, Any]:
    booked = next_booked(viewer, row.account_id, after=now)
    day = booked.at.date().isoformat() if booked else ""
    return {"next_touchpoint": day, "next_look": day, "next_review": day}
