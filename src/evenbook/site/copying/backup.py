"""Makes a backup while people work: the database at one instant, and the files it speaks of.

Left out are what can be made again, sessions, and the instance's secret. The secret signs what opens
doors and seals second factors; who steals a backup must not get it in the same file. It is one line that
never changes: keep it apart. Without it a restored instance makes a new one, everybody signs in anew, and
second factors are set up again.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from evenbook import __version__
from evenbook.kit.errors import EvenbookError
from evenbook.kit.files import written_whole
from evenbook.site.copying.archive import Manifest, Writer, made
from evenbook.site.copying.ledger import note_backup
from evenbook.site.copying.reading import Counted, Snapshot, Told, about, snapshot
from evenbook.site.copying.versions import Migrations, tables_at, unknown_in
from evenbook.site.folder import CARRIED


class BackupRefused(EvenbookError):
    """A backup can't be made as asked."""

    kind = "backup-refused"


def back_up(
    to: Path,
    *,
    database: dict[str, Any],
    home: Path,
    organization: str,
    now: datetime,
    replace: bool = False,
    told: Told | None = None,
) -> Manifest:
    """Write a backup and return what it says of itself. The file is there whole or not at all.

    Args:
        to: the file.
        database: Django's settings of the database.
        home: the instance's folder.
        organization: whose it is, as its policy says.
        now: when.
        replace: write over a file of that name.
        told: hears of each table and its rows.

    Raises:
        BackupRefused: the file is there already, or the database is of a later version.
    """
    if to.exists() and not replace:
        raise BackupRefused(f"{to} is there already.", fix="Name another file, or add --replace.")
    with written_whole(to) as part, made(part) as writer, snapshot(database) as seen:
        about_it = {"organization": organization, "made_at": now.isoformat(timespec="seconds")}
        manifest = _write(writer, seen, home=home, about_it=about_it, told=told)
    note_backup(home, made_at=now, rows=manifest.rows, size=to.stat().st_size)
    return manifest


def _write(
    writer: Writer, seen: Snapshot, *, home: Path, about_it: dict[str, str], told: Told | None
) -> Manifest:
    migrations = seen.migrations()
    refuse_newer(migrations)
    tables = tables_at(migrations)
    for table in tables:
        writer.table(table.name, Counted(seen.lines(table), about(told, table.name)))
    for name, path in files_of(home):
        _add_file(writer, name, path)
    return writer.manifest(
        **about_it,
        evenbook=__version__,
        database=seen.vendor,
        secret=print_of_secret(),
        migrations=migrations,
        columns={table.name: table.names for table in tables},
    )


def refuse_newer(migrations: Migrations) -> None:
    """Refuse a database that a later program has made.

    Raises:
        BackupRefused: it has.
    """
    if unknown := unknown_in(migrations):
        raise BackupRefused(
            f"The database was written by a later Evenbook: it has {unknown[0]}.",
            fix="Use that version: this one can't tell whether a copy would be whole.",
        )


def print_of_secret() -> str:
    """Return a mark by which the same secret is known again; it tells nothing of it."""
    return hmac.new(settings.SECRET_KEY.encode(), b"evenbook backup", hashlib.sha256).hexdigest()[:16]


def files_of(home: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file of the folder that a backup carries, with its name there."""
    for name in CARRIED:
        top = home / name
        found = sorted(top.rglob("*")) if top.is_dir() and not top.is_symlink() else [top]
        for path in found:
            if path.is_file() and not path.is_symlink() and not path.name.endswith(".part"):
                yield path.relative_to(home).as_posix(), path


def _add_file(writer: Writer, name: str, path: Path) -> None:
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return  # taken away since it was listed: nothing that the tables of this instant need
    with source:
        writer.file(name, source)
