"""Answering one question, as the page does it; the rows load with the next import of what waits."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from evenbook.people.viewer import Viewer
from evenbook.sources.actions.asking import AnswerRefused
from evenbook.sources.models import Question as Asked
from evenbook.sources.rules.questions import Question


@transaction.atomic
def answer(key: str, choice: str, *, by: Viewer, now: datetime) -> None:
    """Keep the answer to a question; the last word counts.

    Raises:
        AnswerRefused: the viewer may not, there is no such question, or it is none of its choices.
    """
    if not by.is_operations:
        raise AnswerRefused(
            "Only operations may answer questions of imports.", fix="Ask somebody in operations."
        )
    row = Asked.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise AnswerRefused(f"There is no question {key}.", fix="See the list of open questions.")
    asked = Question(row.key, row.kind, row.file, row.column, row.asks, tuple(row.choices))
    if not asked.accepts(choice):
        raise AnswerRefused(
            f"'{choice}' is no answer to {key}.", fix=f"Use one of: {', '.join(row.choices)}."
        )
    row.answer, row.answered_at, row.answered_by = choice, now, by.name
    row.save(update_fields=["answer", "answered_at", "answered_by"])
