"""The form of an artifact between a page and the standard: what was posted, and how it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from evenbook.closures.numbers.artifacts import Question
from evenbook.closures.rules.standard import Refusal

PARTS = ("what", "who", "by")
MOST_ROWS = 100
"""More than an artifact may name: whoever typed too many is told so and loses none."""
_ROW = re.compile(r"([0-9]{1,2})-(?:what|who|by)")


@dataclass(frozen=True)
class Asked:
    """One question as the page shows it: its answer so far, and why that will not do."""

    question: Question
    value: Any
    reasons: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...] = ()

    @property
    def is_optional(self) -> bool:
        """Whether it may be left out, always or after some answers."""
        return self.question.needed != "always"

    @property
    def hint(self) -> str:
        """When it is needed, in words."""
        field, equals, answer = self.question.needed.partition("=")
        if equals:
            return f"needed where {field.replace('_', ' ')} is {answer}"
        return "" if self.question.needed == "always" else "may be left out"


def asked(
    questions: Iterable[Question], answers: Mapping[str, Any], refused: Iterable[Refusal] = ()
) -> list[Asked]:
    """Return the questions of a form as the page shows them."""
    reasons: dict[str, list[str]] = {}
    for each in refused:
        reasons.setdefault(each.field, []).append(each.reason)
    return [
        Asked(
            row,
            _shown(answers.get(row.field)),
            tuple(reasons.get(row.field, ())),
            _rows(answers.get(row.field)) if row.asks == "follow_ups" else (),
        )
        for row in questions
    ]


def posted(questions: Iterable[Question], data: QueryDict) -> dict[str, Any]:
    """Return the answers that a form posted, by field; what was left empty is not among them.

    NUL characters are left out: nobody sees them, and PostgreSQL keeps none.
    """
    found: dict[str, Any] = {}
    for row in questions:
        value = _posted_rows(row.field, data) if row.asks == "follow_ups" else _text(data, row.field)
        if value:
            found[row.field] = value
    return found


def told(questions: Iterable[Question], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return answers with what was asked; what no form asks any more stands by its name."""
    titles = {row.field: row.title for row in questions}
    said = ((field, _line(value)) for field, value in answers.items())
    return [(titles.get(field, field.replace("_", " ").capitalize()), text) for field, text in said if text]


def _line(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(", ".join(filter(None, row.values())) for row in _rows(value))
    return _shown(value)


def _posted_rows(field: str, data: QueryDict) -> list[dict[str, str]]:
    ends = (name.removeprefix(f"{field}-") for name in data if name.startswith(f"{field}-"))
    numbers = sorted({int(found[1]) for end in ends if (found := _ROW.fullmatch(end))})
    rows = [{part: _text(data, f"{field}-{number}-{part}") for part in PARTS} for number in numbers]
    return [row for row in rows if row["what"].strip() or row["by"].strip()]


def _text(data: QueryDict, name: str) -> str:
    return str(data.get(name, "")).replace("\x00", "")


def _shown(value: Any) -> str:
    return "" if value is None or isinstance(value, list | dict) else str(value)


def _rows(value: Any) -> tuple[Mapping[str, str], ...]:
    given = value if isinstance(value, list) else []
    rows = [{part: _shown(each.get(part)) for part in PARTS} for each in given if isinstance(each, Mapping)]
    return tuple(rows[:MOST_ROWS]) or (dict.fromkeys(PARTS, ""),)
