"""Answering questions, as the page does it: the answers are kept and what waited for them is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from evenbook.people.viewer import Viewer
from evenbook.sources.actions.asking import AnswerRefused
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
    for key, choice in answers.items():
        Asked.objects.filter(key=key).update(answer=choice, answered_at=now, answered_by=by.name, rows_held=0)
    return ImportReport(files=(), questions=(), rejects_file=None)


def _check(key: str, choice: str) -> None:
    row = Asked.objects.filter(key=key).first()
    if row is None:
        raise AnswerRefused(f"There is no question {key}.", fix="See the list of open questions.")
    asked = Question(row.key, row.kind, row.file, row.column, row.asks, tuple(row.choices))
    if not asked.accepts(choice):
        raise AnswerRefused(
            f"'{choice}' is no answer to {key}: {row.asks}", fix=f"Use one of: {', '.join(row.choices)}."
        )
