"""The file of rejected rows: each with its file, row, column, reason and what it held.

The original row stands in the last column as JSON, so that nothing of it is lost. Cells that a
spreadsheet would take for a formula are made harmless with an apostrophe in front.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from evenbook.sources.rules.report import Reasons
from evenbook.sources.rules.rows import Refusal
from evenbook.sources.values import is_formula

COLUMNS = ("file", "row", "column", "reason", "original")


class Rejects:
    """Writes rejected rows as they come; the file is made with the first of them.

    Without a path they are only counted, by their reasons. ``target`` is where the file goes in the end.
    """

    def __init__(self, path: Path | None, *, target: Path | None = None) -> None:
        self.path, self.target = path, target
        self.reasons = Reasons()
        self._stream: IO[str] | None = None
        self._writer: Any = None

    def add(
        self, where: tuple[str, int], why: Refusal, *, header: Sequence[str], cells: Sequence[object]
    ) -> None:
        """Write one rejected row: its file and number, why, and what it held."""
        self.reasons.add(where, why.column, why.reason)
        if self.path is None:
            return
        if self._stream is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._stream = self.path.open("w", newline="", encoding="utf-8")
            self._writer = csv.writer(self._stream)
            self._writer.writerow(COLUMNS)
        original = {name: _plain(cell) for name, cell in zip(header, cells, strict=False)}
        line = (*where, why.column, why.reason, json.dumps(original, ensure_ascii=False, default=str))
        self._writer.writerow([harmless(each) for each in line])

    def finish(self, name: str) -> Path | None:
        """Put the file where it belongs, by default under a name; return where, None where there is none."""
        if self._stream is None or self.path is None:
            return None
        self._stream.close()
        target = self.target or self.path.with_name(name)
        self.path.replace(target)
        self.path = target
        return target

    def discard(self) -> None:
        """Take the file away again: nothing was loaded."""
        if self._stream is not None and self.path is not None:
            self._stream.close()
            self.path.unlink(missing_ok=True)


def harmless(cell: object) -> object:
    """Return a cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if isinstance(cell, str) and is_formula(cell) else cell


def _plain(cell: object) -> object:
    return cell if isinstance(cell, str | int | float | bool) or cell is None else str(cell)
