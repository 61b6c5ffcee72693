"""What a person is asked instead of guessing, and how an answer is known again.

The id of a question is made of what it is about, not of when it was asked: the same doubt in next
month's file of the same name has the same id, and its answer is still there. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Args:
        id: stable; answers are filed under it.
        kind: what it is about: ``date-order``, ``scale``, ``account``, ``owner`` …
        file: where the doubt came up first.
        column: the column in doubt, or "".
        asks: the question, in a sentence.
        choices: what may be answered, the likeliest first; one in angle brackets is to be filled in.
        rows_held: rows that wait for the answer.
        notes: what each choice does, by choice.
    """

    id: str
    kind: str
    file: str
    column: str
    asks: str
    choices: tuple[str, ...]
    rows_held: int = 0
    notes: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the question as ``import --json`` prints it."""
        return {
            "id": self.id,
            "file": self.file,
            "column": self.column,
            "asks": self.asks,
            "choices": list(self.choices),
            "rows_held": self.rows_held,
        }

    def holding(self, rows: int) -> Question:
        """Return the question with this many rows waiting for it."""
        return replace(self, rows_held=rows)

    def accepts(self, answer: str) -> bool:
        """Return whether ``answer`` is one of the choices, or fills one in."""
        return any(_fits(answer, choice) for choice in self.choices)


def question_id(kind: str, *parts: str) -> str:
    """Return the id of a question about these things."""
    text = "\x1f".join(parts)
    return f"{kind}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def _fits(answer: str, choice: str) -> bool:
    before, bracket, wanted = choice.partition("<")
    if not bracket:
        return answer == choice
    filled = answer.removeprefix(before).strip()
    if wanted == "number>":
        return answer.startswith(before) and _is_rate(filled)
    return answer.startswith(before) and bool(filled) and not filled.startswith("<")


def _is_rate(text: str) -> bool:
    return bool(re.fullmatch(r"\d+([.,]\d+)?", text)) and float(text.replace(",", ".")) > 0


def answers_of(document: Any) -> dict[str, str]:
    """Return the answers of a file: id to choice, or a list of questions with an ``answer`` each.

    Raises:
        ValueError: the document is neither, said in a sentence.
    """
    if isinstance(document, Mapping) and isinstance(document.get("questions"), Sequence):
        document = document["questions"]
    if isinstance(document, Mapping) and isinstance(document.get("answers"), Mapping):
        document = document["answers"]
    if isinstance(document, Mapping):
        return {str(key): _choice(value) for key, value in document.items() if _choice(value)}
    if isinstance(document, Sequence) and not isinstance(document, str):
        pairs = [(row.get("id"), row.get("answer")) for row in document if isinstance(row, Mapping)]
        return {str(key): _choice(value) for key, value in pairs if key and _choice(value)}
    if document is None:
        return {}
    raise ValueError("it is neither a list of questions with answers nor a mapping of ids to answers")


def _choice(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("answer")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
