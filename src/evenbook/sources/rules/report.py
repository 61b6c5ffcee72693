"""What an import says it did. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from evenbook.sources.rules.questions import Question

OUTCOMES = ("created", "changed", "unchanged", "rejected", "held")
MOST_REASONS = 1_000
VARIES = re.compile(r"'[^']*'|\"[^\"]*\"|\d[\d.,:-]*")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why rows of a file were rejected: the first of them with its reason, and how many there are."""

    file: str
    row: int
    column: str
    reason: str
    rows: int


class Reasons:
    """Counts why rows are rejected; reasons that differ in what they quote alone are one."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._first: dict[tuple[str, str, str], tuple[int, str]] = {}

    def add(self, where: tuple[str, int], column: str, reason: str) -> None:
        """Count a rejected row. Of very many reasons the last are left out."""
        key = (where[0], column, VARIES.sub("…", reason))
        if key in self._first or len(self._first) < MOST_REASONS:
            self._first.setdefault(key, (where[1], reason))
            self._counts[key] += 1

    def commonest(self) -> tuple[Reason, ...]:
        """Return the reasons, the commonest first."""
        return tuple(
            Reason(file, self._first[file, column, kind][0], column, self._first[file, column, kind][1], rows)
            for (file, column, kind), rows in self._counts.most_common()
        )


@dataclass(slots=True)
class FileReport:
    """What became of one file, or of one table in it.

    A row has one outcome, whatever it is turned into: ``created`` if it brought a record that was
    not there, ``changed`` if it changed one, ``unchanged`` if it said nothing new, ``rejected`` or
    ``held`` if nothing of it was loaded. The five add up to ``rows``.
    """

    file: str
    recognised_as: str | None
    table: str = ""
    source: str = ""
    sha256: str = ""
    rows: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    held: int = 0
    needs_a_person: bool = False
    notes: list[str] = field(default_factory=list)
    proposal: str = ""

    def count(self, outcome: str, rows: int = 1) -> None:
        """Count rows with this outcome."""
        self.rows += rows
        setattr(self, outcome, getattr(self, outcome) + rows)

    def note(self, sentence: str) -> None:
        """Add a sentence for a person to read, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def as_json(self) -> dict[str, Any]:
        """Return the file as ``import --json`` prints it."""
        counts = {name: getattr(self, name) for name in OUTCOMES}
        return {"file": self.file, "recognised_as": self.recognised_as, "rows": self.rows, **counts}


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do."""

    files: Sequence[FileReport]
    questions: Sequence[Question]
    rejects_file: str | None
    answers_file: str | None = None
    is_dry_run: bool = False
    load: int | None = None
    reasons: Sequence[Reason] = ()

    @property
    def waits_for_a_person(self) -> bool:
        """Return whether something was rejected, held or could not be read, or nothing was there to read."""
        has_read = any(each.table or each.rows for each in self.files)
        waits = any(each.rejected or each.held or each.needs_a_person for each in self.files)
        return bool(self.questions) or waits or not has_read

    def total(self, outcome: str) -> int:
        """Return how many rows of all files have an outcome."""
        return sum(getattr(each, outcome) for each in self.files)

    def as_json(self) -> dict[str, Any]:
        """Return the report as ``import --json`` prints it."""
        return {
            "files": [each.as_json() for each in self.files],
            "questions": [each.as_json() for each in self.questions],
            "rejects_file": self.rejects_file,
        }
