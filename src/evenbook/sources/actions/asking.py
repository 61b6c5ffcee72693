"""The questions of an import: which are answered, which hold rows back, which are new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from evenbook.kit.errors import EvenbookError
from evenbook.people import audit
from evenbook.people.viewer import Viewer
from evenbook.sources.models import Question as Asked
from evenbook.sources.rules.questions import Question


class AnswerRefused(EvenbookError):
    """An answer is none of the choices of its question."""

    kind = "answer-refused"


class Questions:
    """Knows every answer given so far, and counts the rows that wait for the others."""

    def __init__(self, given: Mapping[str, str], *, by: Viewer, now: datetime) -> None:
        self.by, self.now = by, now
        self.given = dict(given)
        self.kept = dict(Asked.objects.exclude(answer="").values_list("key", "answer"))
        self.asked: dict[str, Question] = {}
        self.rows_held: Counter[str] = Counter()

    def ask(self, question: Question) -> str | None:
        """Register a question and return its answer, None where there is none yet.

        Raises:
            AnswerRefused: the answer given is none of its choices.
        """
        self.asked.setdefault(question.id, question)
        answer = self.given.get(question.id)
        if answer is not None and not question.accepts(answer):
            raise AnswerRefused(
                f"'{answer}' is no answer to {question.id}: {question.asks}",
                fix=f"Use one of: {', '.join(question.choices)}.",
            )
        kept = self.kept.get(question.id)
        return answer or (kept if kept is not None and question.accepts(kept) else None)

    def hold(self, question: str, rows: int = 1) -> None:
        """Count rows that wait for a question."""
        self.rows_held[question] += rows

    def open(self) -> list[Question]:
        """Return the questions that rows wait for, those that hold most first."""
        waiting = [
            each.holding(self.rows_held[each.id]) for each in self.asked.values() if self.rows_held[each.id]
        ]
        return sorted(waiting, key=lambda each: (-each.rows_held, each.file, each.column, each.id))

    def unused(self) -> list[str]:
        """Return the answers given to questions that nobody ever asked, as a slip in an id makes them."""
        strange = set(self.given) - set(self.asked)
        return sorted(strange - set(Asked.objects.filter(key__in=strange).values_list("key", flat=True)))

    def save(self) -> None:
        """Keep the questions that rows wait for, and the answers that were used."""
        stored = {row.key: row for row in Asked.objects.filter(key__in=list(self.asked))}
        for question in self.asked.values():
            row = stored.get(question.id)
            answer = self.given.get(question.id, "")
            held = self.rows_held[question.id]
            if row is None and (held or answer):
                row = Asked(key=question.id, asked_at=self.now)
            if row is None:
                continue
            _fill(row, question, held)
            if answer and row.answer != answer:
                record_answer(row, answer, by=self.by, now=self.now)
                row.answer, row.answered_at, row.answered_by = answer, self.now, self.by.name
            row.save()


def record_answer(row: Asked, answer: str, *, by: Viewer, now: datetime) -> None:
    """Record that a question is answered, before the row says so."""
    thing = audit.Thing("question", row.key, row.asks)
    before = {"answer": row.answer} if row.answer else None
    audit.record(by, "question.answered", thing, at=now, before=before, after={"answer": answer})


def _fill(row: Asked, question: Question, held: int) -> None:
    row.kind, row.file, row.column = question.kind, question.file[:300], question.column[:300]
    row.asks, row.choices, row.notes = question.asks, list(question.choices), dict(question.notes)
    row.rows_held = held
