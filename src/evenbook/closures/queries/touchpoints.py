"""The next dates that artifacts name: a touchpoint, a look, a review. Kept by whoever wrote the artifact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from evenbook.closures.numbers import ClosuresNumbers
from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.queries.loops import LoopRow
from evenbook.closures.queries.written import Written
from evenbook.closures.rules.answers import day_of
from evenbook.people.viewer import Viewer
from evenbook.policy.schema import Policy
from evenbook.records.queries import artifacts_by


@dataclass(frozen=True)
class Touchpoint:
    """A day that an artifact names. ``called`` is its name for ever; ``revision`` counts corrections."""

    called: str
    day: date
    title: str
    artifact_title: str
    account_key: str
    account_name: str
    revision: int


def touchpoints_by(viewer: Viewer, policy: Policy, person_id: int, *, first: date) -> tuple[Touchpoint, ...]:
    """Return the days from ``first`` on that the artifacts of a person name, in order."""
    numbers = policy.of(ClosuresNumbers)
    titles = {row.kind: row.title for row in numbers.kinds}
    found = [
        Touchpoint(
            f"{each.source}-{each.called}-{row.field}",
            day,
            row.title,
            titles.get(each.kind, each.kind),
            each.account_key,
            each.account_name,
            each.revision,
        )
        for each in artifacts_by(viewer, person_id)
        for row, day in _days(numbers.questions, each.kind, each.answers)
        if day >= first
    ]
    return tuple(sorted(found, key=lambda each: (each.day, each.account_name, each.called)))


def touchpoints_of(viewer: Viewer, policy: Policy, row: LoopRow, told: Written) -> tuple[Touchpoint, ...]:
    """Return the days that the artifact of a loop names."""
    questions = policy.of(ClosuresNumbers).questions
    called = f"{told.latest.source}-{told.latest.called}"
    return tuple(
        Touchpoint(
            f"{called}-{asked.field}",
            day,
            asked.title,
            row.artifact_title,
            row.account_key,
            row.account_name,
            len(told.versions) - 1,
        )
        for asked, day in _days(questions, row.artifact_kind, told.answers)
    )


def _days(
    questions: Iterable[Question], kind: str, answers: Mapping[str, Any]
) -> Iterable[tuple[Question, date]]:
    for row in questions:
        day = day_of(answers.get(row.field)) if row.asks in {"day", "touchpoint"} else None
        if row.artifact == kind and day is not None:
            yield row, day
