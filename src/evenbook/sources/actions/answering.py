"""Answering questions, as the page does it: the answers are kept and what waited for them is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.db import transaction

from evenbook.people.viewer import Viewer
from evenbook.sources.actions.asking import AnswerRefused, record_answer
from evenbook.sources.actions.files import kept_files
from evenbook.sources.actions.importing import import_files
from evenbook.sources.models import Question as Asked
from evenbook.sources.rules.questions import Question
from evenbook.sources.rules.report import ImportReport


def answer(answers: Mapping[str, str], *, by: Viewer, now: datetime, home: Path) -> ImportReport:
    """Keep answers by the ids of their questions, and load the rows that waited for them.

    Raises:
        AnswerRefused: the viewer may not, there is no such question, or an answer is no choice of it.
    """
    if not by.is_operations:
        raise AnswerRefused(
            "Only operations may answer questions of imports.", fix="Ask somebody in operations."
        )
    for key, choice in answers.items():
        _check(key, choice)
    if kept_files(home):
        return import_files([], by=by, now=now, home=home, answers=answers)
    _keep(answers, by=by, now=now)
    return ImportReport(files=(), questions=(), rejects_file=None)


@transaction.atomic
def _keep(answers: Mapping[str, str], *, by: Viewer, now: datetime) -> None:
    """Keep answers that no row waits for."""
    for row in Asked.objects.filter(key__in=list(answers)):
        choice = answers[row.key]
        if row.answer != choice:
            record_answer(row, choice, by=by, now=now)
        row.answer, row.answered_at, row.answered_by, row.rows_held = choice, now, by.name, 0
        row.save()


def _check(key: str, choice: str) -> None:
    row = Asked.objects.filter(key=key).first()
    if row is None:
        raise AnswerRefused(f"There is no question {key}.", fix="See the list of open questions.")
    asked = Question(row.key, row.kind, row.file, row.column, row.asks, tuple(row.choices))
    if not asked.accepts(choice):
        raise AnswerRefused(
            f"'{choice}' is no answer to {key}: {row.asks}", fix=f"Use one of: {', '.join(row.choices)}."
        )
