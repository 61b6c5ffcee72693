"""The forms as policy: a form whose questions do not fit together is refused in words."""

from __future__ import annotations

from typing import Any

import pytest

from evenbook.closures.numbers.artifacts import KINDS, QUESTIONS, Question, fault_of
from evenbook.closures.numbers.loops import LOOPS

CLOSING = frozenset(row.artifact for row in LOOPS)


def question(field: str, asks: str = "words", **more: Any) -> Question:
    return Question(artifact="visit_note", field=field, title=field, asks=asks, **more)


def fault(*questions: Question) -> str:
    return fault_of(frozenset({"visit_note"}), frozenset(), questions)


def test_the_default_forms_fit():
    assert fault_of(frozenset(row.kind for row in KINDS), CLOSING, QUESTIONS) == ""


YES_OR_NO = question("moved", "choice", options="no | yes")


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        ((question("band", "choice", options="green"),), "needs two options"),
        ((question("band", "choice", options="green | Green"),), "has the option 'green' twice"),
        ((YES_OR_NO, question("found", needed="moves=yes")), "which the form does not ask"),
        ((question("found", needed="found=yes"),), "which the form does not ask"),
        ((question("summary"), question("found", needed="summary=yes")), "which is no choice"),
        ((YES_OR_NO, question("found", needed="moved=perhaps")), "which is no option of it"),
    ],
)
def test_a_question_that_cannot_be_answered_or_is_never_owed_is_refused(
    questions: tuple[Question, ...], said: str
):
    assert said in fault(*questions)


def test_the_answer_that_makes_another_one_owed_is_read_without_case():
    assert fault(YES_OR_NO, question("found", needed="moved=Yes")) == ""
