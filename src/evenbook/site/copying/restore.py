"""Brings a backup back into an empty instance, and proves each table and file there.

The tables are made as the backup's version had them, filled in one transaction, proved, and only then
brought up to the version of the program: so a backup of an earlier version is restored by a later one.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db.backends.base.base import BaseDatabaseWrapper

from evenbook.site.copying.archive import BadBackup, Manifest, NewerBackup, Part, Reader, opened
from evenbook.site.copying.backup import files_of, print_of_secret
from evenbook.site.copying.columns import Table
from evenbook.site.copying.reading import Counted, Digest, Told, about
from evenbook.site.copying.versions import unknown_in
from evenbook.site.copying.writing import NotEmpty, fill, filling, make_tables, prove, refuse_used

STAGED = "restoring"


@dataclass(frozen=True)
class Restored:
    """What came back; ``other_secret`` when the instance signs with another secret than the backup's."""

    manifest: Manifest
    other_secret: bool


def look_into(path: Path, told: Told | None = None) -> Manifest:
    """Read a backup to its end and return what it says of itself; nothing is changed.

    Raises:
        BadBackup, NewerBackup: it can't be restored by this version.
    """
    with opened(path) as backup:
        _refuse_newer(backup.manifest)
        backup.check(None if told is None else lambda rows: told("checking", rows))
        return backup.manifest


def restore(path: Path, *, connection: BaseDatabaseWrapper, home: Path, told: Told | None = None) -> Restored:
    """Restore a backup and return what came back.

    Args:
        path: the file.
        connection: to a database that is empty, or not there yet.
        home: the instance's folder.
        told: hears of each table and its rows.

    Raises:
        BadBackup, NewerBackup: it can't be restored by this version.
        NotEmpty: something is there already.
        CopyFailed: what arrived is not what was sent.
    """
    staged = home / STAGED
    with opened(path) as backup:
        _refuse_newer(backup.manifest)
        _refuse_other_files(home, backup.manifest)
        tables = make_tables(connection, backup.manifest.migrations)
        _refuse_other_tables(tables, backup.manifest)
        refuse_used(connection, tables)
        shutil.rmtree(staged, ignore_errors=True)
        try:
            _stage(backup, staged)
            with filling(connection, tables):
                for table, part in zip(tables, _parts(tables, backup.manifest), strict=True):
                    arrived = fill(connection, table, Counted(backup.lines(part), about(told, part.name)))
                    prove(table, sent=Digest(part.size, part.sha256), arrived=arrived)
                _place(staged, home, backup.manifest)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    call_command("migrate", database=connection.alias, verbosity=0, interactive=False)
    return Restored(backup.manifest, backup.manifest.secret != print_of_secret())


def _refuse_newer(manifest: Manifest) -> None:
    strange = unknown_in(manifest.migrations)
    if strange:
        raise NewerBackup(
            f"The backup was made by Evenbook {manifest.evenbook}, which knows more than this version: "
            f"{strange[0]}.",
            fix="Install that version or a later one, then restore it.",
        )


def _refuse_other_tables(tables: tuple[Table, ...], manifest: Manifest) -> None:
    told = {name: sorted(columns) for name, columns in manifest.columns.items()}
    ours = {table.name: sorted(table.names) for table in tables}
    if told != ours or sorted(part.name for part in manifest.tables) != sorted(ours):
        raise BadBackup(
            "The backup's tables are not those of the version that it names.",
            fix="It was changed after it was made, or written by a changed program. Take another.",
        )


def _refuse_other_files(home: Path, manifest: Manifest) -> None:
    """Refuse a folder with files that the backup does not bring itself."""
    brought = {part.name: part.size for part in manifest.files}
    for name, path in files_of(home):
        if brought.get(name) != path.stat().st_size:
            raise NotEmpty(
                f"The folder {home} is not empty: it holds {name}.",
                fix="Restore into an empty folder: set EVENBOOK_HOME to a new one.",
            )


def _parts(tables: tuple[Table, ...], manifest: Manifest) -> list[Part]:
    named = {part.name: part for part in manifest.tables}
    return [named[table.name] for table in tables]


def _stage(backup: Reader, staged: Path) -> None:
    """Unpack the files beside where they belong; a damaged one is found before anything is placed."""
    for part in backup.manifest.files:
        path = staged / part.name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with path.open("wb") as file:
            for piece in backup.pieces(part):
                file.write(piece)


def _place(staged: Path, home: Path, manifest: Manifest) -> None:
    for part in manifest.files:
        path = home / part.name
        path.parent.mkdir(parents=True, exist_ok=True)
        (staged / part.name).replace(path)
