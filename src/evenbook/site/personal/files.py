"""Files beside the database that name somebody: rejected rows, files that wait for an answer, backups.

They are told of and left as they are: a rejected row is evidence that an import lost nothing, and a backup
is whole or of no use.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from evenbook.people.veil import Spelling

FOLDERS = ("rejects", "waiting", "imports")
BACKUPS = "backups"
PIECE = 1 << 20
"""Bytes read at a time; a name across two pieces is found by what they overlap."""


def naming_files(home: Path, spellings: Iterable[Spelling]) -> tuple[str, ...]:
    """Return the files that hold one of the spellings, by name within the instance's folder.

    Files that are packed can't be looked into: backups are always told of.
    """
    wanted = {each.text.casefold() for each in spellings if len(each.text) > 1}
    found = [
        path
        for folder in FOLDERS
        for path in sorted((home / folder).rglob("*"))
        if path.is_file() and _names(path, wanted)
    ]
    backups = [path for path in sorted((home / BACKUPS).glob("*")) if path.is_file()]
    return tuple(str(path.relative_to(home)) for path in (*found, *backups))


def _names(path: Path, wanted: set[str]) -> bool:
    before = ""
    try:
        with path.open(encoding="utf-8", errors="ignore") as file:
            while piece := file.read(PIECE):
                text = (before + piece).casefold()
                if any(each in text for each in wanted):
                    return True
                before = piece[-200:]
    except OSError:
        return False
    return False
