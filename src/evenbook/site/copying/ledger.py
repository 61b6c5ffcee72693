"""When the last backup was made, noted in the folder so that the doctor and the metrics can say it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evenbook.kit.files import written_whole

FILE = "backup.json"


@dataclass(frozen=True)
class LastBackup:
    """The last backup: when it was made, and its size."""

    made_at: datetime
    rows: int
    size: int


def note_backup(home: Path, *, made_at: datetime, rows: int, size: int) -> None:
    """Note a backup in the instance's folder."""
    with written_whole(home / FILE) as part:
        part.write_text(
            json.dumps({"made_at": made_at.isoformat(), "rows": rows, "bytes": size}), encoding="utf-8"
        )


def last_backup(home: Path) -> LastBackup | None:
    """Return the last backup that was noted, or None."""
    try:
        told = json.loads((home / FILE).read_text(encoding="utf-8"))
        return LastBackup(datetime.fromisoformat(told["made_at"]), int(told["rows"]), int(told["bytes"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
