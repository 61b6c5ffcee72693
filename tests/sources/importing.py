"""What tests of imports stand on: files written on the spot, an instance in a folder, one call."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from evenbook.people.viewer import SYSTEM
from evenbook.sources.actions import import_files
from evenbook.sources.rules.report import FileReport, ImportReport

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = datetime(2026, 4, 6, 9, tzinfo=UTC)


@dataclass
class Instance:
    """An instance and the folder in which a test writes its files."""

    folder: Path
    home: Path = field(init=False)

    def __post_init__(self) -> None:
        self.home = self.folder / "home"
        self.home.mkdir()

    def write(self, name: str, *rows: Sequence[object] | str) -> Path:
        """Write a CSV file, a row a line; a text is split at its commas."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows(row.split(",") if isinstance(row, str) else row for row in rows)
        return path

    def load(self, *paths: Path, now: datetime = NOW, answers: Any = None, **options: Any) -> ImportReport:
        """Import files as operations."""
        return import_files(paths, by=SYSTEM, now=now, home=self.home, answers=answers, **options)

    def load_rows(self, name: str, *rows: Sequence[object] | str, **options: Any) -> FileReport:
        """Write a file, import it, and return what became of it."""
        return self.load(self.write(name, *rows), **options).files[0]

    def accounts(self, *names: str, **options: Any) -> ImportReport:
        """Load accounts A-1, A-2 … of these names."""
        rows = [f"A-{number},{name}" for number, name in enumerate(names, start=1)]
        return self.load(self.write("accounts.csv", "account_id,account_name", *rows), **options)

    def rejects(self, report: ImportReport) -> list[Mapping[str, str]]:
        """Return the rejected rows of an import."""
        if report.rejects_file is None:
            return []
        with open(report.rejects_file, newline="", encoding="utf-8") as stream:
            return list(csv.DictReader(stream))


def counts(report: FileReport) -> dict[str, int]:
    """Return what became of the rows of a file, without the zeros."""
    names = ("created", "changed", "unchanged", "rejected", "held")
    assert report.rows == sum(getattr(report, name) for name in names)
    return {name: getattr(report, name) for name in names if getattr(report, name)}
