"""How a doubtful account, an unknown word or a file that nobody knows is asked about. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from evenbook.book.rules.matching import Candidate, Named
from evenbook.sources.rules.questions import Question, question_id

SAME, NEW, REJECT, KEEP, SKIP = "same: ", "new", "reject", "custom", "skip"
STAGES = ("onboarding", "adoption", "value", "renewal")


def account(file: str, candidate: Candidate, others: Sequence[Named], why: str) -> Question:
    """Return the question whether a record is an account that we have already."""
    said = candidate.name or candidate.external_id
    known = " or ".join(f"'{each.name}' ({each.key})" for each in others)
    of = f" ({candidate.external_id})" if candidate.external_id else ""
    return Question(
        id=question_id("account", candidate.source, candidate.external_id, candidate.matched),
        kind="account",
        file=file,
        column="",
        asks=f"Is '{said}'{of} the same customer as {known}? It has {why}.",
        choices=(*(SAME + each.key for each in others), NEW),
        notes={NEW: "it is another customer"},
    )


def reference(file: str, column: str, candidate: Candidate, others: Sequence[Named]) -> Question:
    """Return the question which account a record means by a name that none has exactly."""
    known = " or ".join(f"'{each.name}' ({each.key})" for each in others)
    return Question(
        id=question_id("reference", candidate.source, candidate.matched),
        kind="account",
        file=file,
        column=column,
        asks=f"No account is called '{candidate.name}'. Is {known} meant?",
        choices=(*(SAME + each.key for each in others), REJECT),
        notes={REJECT: "its rows are rejected"},
    )


def tier(file: str, column: str, word: str, source: str) -> Question:
    """Return the question which tier a word stands for."""
    return Question(
        id=question_id("tier", source, word.casefold()),
        kind="word",
        file=file,
        column=column,
        asks=f"Which tier is '{word}'?",
        choices=("1", "2", "3", "4", KEEP),
        notes={
            "1": "Strategic",
            "2": "Growth",
            "3": "Scale",
            "4": "Digital",
            KEEP: "no tier; kept as a custom field",
        },
    )


def stage(file: str, column: str, word: str, source: str) -> Question:
    """Return the question which lifecycle stage a word stands for."""
    return Question(
        id=question_id("stage", source, word.casefold()),
        kind="word",
        file=file,
        column=column,
        asks=f"Which lifecycle stage is '{word}'?",
        choices=(*STAGES, KEEP),
        notes={KEEP: "none of these; kept as a custom field"},
    )


def table(file: str, tables: Sequence[str], *, is_unknown: bool) -> Question:
    """Return the question what a file holds."""
    asks = "No table that Evenbook knows fits this file. What does it hold?" if is_unknown else (
        f"This file may hold {' or '.join(tables[:2])}. Which is it?"
    )  # fmt: skip
    choices = (SKIP, *tables) if is_unknown else (*tables, SKIP)
    return Question(
        id=question_id("table", file),
        kind="table",
        file=file,
        column="",
        asks=asks,
        choices=choices,
        notes={SKIP: "the file is left out"},
    )
