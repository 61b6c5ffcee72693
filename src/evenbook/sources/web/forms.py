"""Questions as radio buttons, and what was chosen read back from a form. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evenbook.sources.rules.generic_facts import all_tables
from evenbook.sources.rules.questions import Question


@dataclass(frozen=True)
class Option:
    """One answer to choose; ``blank`` says what is to be typed beside it, "" where nothing is."""

    value: str
    label: str
    note: str
    is_chosen: bool
    blank: str = ""


@dataclass(frozen=True)
class Asked:
    """A question as a form shows it."""

    question: Question
    options: tuple[Option, ...]
    typed: str
    problem: str

    @property
    def name(self) -> str:
        """Return what its boxes are called."""
        return f"q-{self.question.id}"

    @property
    def asks(self) -> str:
        """Return what is asked."""
        return self.question.asks


def asked(
    questions: Iterable[Question], answers: Mapping[str, str], problems: Mapping[str, str] | None = None
) -> tuple[Asked, ...]:
    """Return questions as a form shows them, with what was answered and why it can't stand."""
    return tuple(
        _asked(each, answers.get(each.id, ""), (problems or {}).get(each.id, "")) for each in questions
    )


def chosen(post: Mapping[str, str], questions: Iterable[Question]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the answers of a form, and for those that can't stand why; what was left open is left out."""
    answers: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        choice = post.get(f"q-{question.id}", "")
        if not choice:
            continue
        answer = _filled(choice, post.get(f"q-{question.id}-typed", ""))
        answers[question.id] = answer
        if not question.accepts(answer):
            problems[question.id] = _problem(choice)
    return answers, problems


def _asked(question: Question, answer: str, problem: str) -> Asked:
    options = []
    typed = ""
    for choice in question.choices:
        before, bracket, wanted = choice.partition("<")
        is_chosen = answer == choice or bool(bracket and answer and answer.startswith(before))
        if bracket and is_chosen:
            typed = answer.removeprefix(before)
        label = before.rstrip("= ") if bracket else spoken(choice, question.kind)
        blank = wanted.rstrip(">") if bracket else ""
        note = _note(label, question.notes.get(choice, ""))
        options.append(Option(choice, label, note, is_chosen, blank))
    return Asked(question, tuple(options), typed, problem)


def _filled(choice: str, typed: str) -> str:
    before, bracket, _ = choice.partition("<")
    return f"{before}{typed.strip()}" if bracket else choice


def _problem(choice: str) -> str:
    wanted = choice.partition("<")[2].rstrip(">")
    if wanted == "number":
        return "Type a number above 0, such as 1.08."
    return f"Type the {wanted}." if wanted else "Choose one of the answers below."


def said(question: Question, answer: str) -> str:
    """Return an answer as people read it."""
    label = spoken(answer, question.kind)
    note = _note(label, question.notes.get(answer, ""))
    return f"{label}: {note}" if note else label


def spoken(choice: str, kind: str = "") -> str:
    """Return a choice as people read it: short codes in words, everything else as it is."""
    for start, words in STARTS.items():
        if choice.startswith(start):
            return f"{words}{choice.removeprefix(start)}"
    table = all_tables().get(choice) if kind == "table" else None
    return table.label if table else SPOKEN.get(choice, choice)


def _note(label: str, note: str) -> str:
    """Return what a choice does, without saying the choice again."""
    return "" if label == SPOKEN["skip"] else note.removeprefix(f"{label}: ")


STARTS = {"same: ": "yes, it is ", "is: ": "it is "}
SPOKEN = {
    "dmy": "day first",
    "mdy": "month first",
    "skip": "leave the file out",
    "custom": "a custom field",
    "new": "no",
    "reject": "reject the rows",
    "arr": "revenue a year",
    "mrr": "revenue a month",
    "total_value": "revenue of the whole term",
}
