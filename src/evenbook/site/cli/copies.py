"""Commands that copy an instance whole: into a backup, back out of one, into another database."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click
from django.db import DatabaseError, connection
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from evenbook.people import audit
from evenbook.people.audit import Thing
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.queries import latest
from evenbook.site.actor import Acting
from evenbook.site.copying.archive import Manifest
from evenbook.site.copying.backup import back_up
from evenbook.site.copying.moving import move
from evenbook.site.copying.reading import Told
from evenbook.site.copying.restore import look_into
from evenbook.site.copying.restore import restore as bring_back
from evenbook.site.database import FILE, BadDatabaseAddress, alone, postgresql_at, shown, sqlite_at

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
A_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("file", type=A_FILE, required=False)
@click.option("--replace", is_flag=True, help="Write over a file of that name.")
@AS_JSON
@click.pass_obj
def backup(acting: Acting, file: Path | None, *, replace: bool, as_json: bool) -> int:
    """Write everything into one FILE, proved by digests, while people go on working.

    Without FILE, or where it is a folder, the file is named by the instant; without FILE it is put
    into the folder backups of the instance. It holds the database and the files of imports, whatever
    database they live in; neither sessions nor the instance's secret, which is kept apart.
    """
    acting.there()
    to = _place(file or acting.home / "backups", acting)
    with _bar() as told:
        made = back_up(
            to,
            database=connection.settings_dict,
            home=acting.home,
            organization=_organization(),
            now=acting.now,
            replace=replace,
            told=told,
        )
    _record(acting, "backup.taken", to, rows=made.rows)
    size = to.stat().st_size
    if as_json:
        click.echo(json.dumps({"file": str(to), "bytes": size, **_told(made)}, ensure_ascii=False))
        return 0
    click.echo(f"{made.rows:,} rows of {len(made.tables)} tables, {len(made.files):,} files.")
    click.echo(
        "Not in it: sessions, and the secret (the file secret, or EVENBOOK_SECRET_KEY): keep it apart."
    )
    click.echo(f"backup: {to} is written, {size / 1_000_000:,.1f} MB.")
    return 0


@click.command()
@click.argument("file", type=A_FILE)
@click.option("--check", is_flag=True, help="Only read FILE to its end and say what is in it.")
@AS_JSON
@click.pass_obj
def restore(acting: Acting, file: Path, *, check: bool, as_json: bool) -> int:
    """Bring the backup FILE back into an empty instance, and prove each table there.

    The instance is the folder EVENBOOK_HOME with its database: SQLite or PostgreSQL, whatever the
    backup was made from. A backup of an earlier version is brought up to date. Nothing that is there
    is ever written over.
    """
    other_secret = False
    with _bar() as told:
        if check:
            found = look_into(file, told)
        else:
            acting.home.mkdir(parents=True, exist_ok=True, mode=0o700)
            with alone(connection, home=acting.home):
                came = bring_back(file, connection=connection, home=acting.home, told=told)
            found, other_secret = came.manifest, came.other_secret
            _record(acting, "backup.restored", file, rows=found.rows)
    if as_json:
        document = {"restored": not check, "other_secret": other_secret, **_told(found)}
        click.echo(json.dumps(document, ensure_ascii=False))
        return 0
    whose = f" of {found.organization}" if found.organization else ""
    click.echo(f"The backup{whose} was made at {found.made_at} by Evenbook {found.evenbook}.")
    click.echo(
        f"{found.rows:,} rows of {len(found.tables)} tables, {len(found.files):,} files; every digest holds."
    )
    if other_secret:
        click.echo(
            "This instance has another secret than the one that was backed up: links in mails that were sent "
            "no longer hold, and second factors can't be read. Put the old secret in its place, or take them "
            "off: evenbook user reset MAIL --second-factor"
        )
    click.echo(
        "restore: FILE is sound."
        if check
        else f"restore: all is back in {acting.home}. Everybody signs in anew."
    )
    return 0


@click.command("move-database")
@click.option(
    "--to", required=True, metavar="URL", help="postgresql://..., or sqlite; - reads it from input."
)
@AS_JSON
@click.pass_obj
def move_database(acting: Acting, *, to: str, as_json: bool) -> int:
    """Copy the instance into another, empty database, and prove counts and digests there.

    Nobody can write while it lasts. When it stops before its end, the other database is as empty as
    it was: start it again. The old database stays as it is.
    """
    acting.there()
    target = _target(sys.stdin.readline().strip() if to == "-" else to, acting)
    with _bar() as told:
        moved = move(connection.settings_dict, target, home=acting.home, now=acting.now, told=told)
    if as_json:
        tables = [
            {"table": each.table, "rows": each.digest.rows, "sha256": each.digest.sha256} for each in moved
        ]
        click.echo(json.dumps({"to": shown(target), "tables": tables}, ensure_ascii=False))
        return 0
    rows = sum(each.digest.rows for each in moved)
    click.echo(
        f"{rows:,} rows of {len(moved)} tables are in {shown(target)}; every count and digest is the same."
    )
    is_file = target["ENGINE"].endswith("sqlite3")
    after = "unset EVENBOOK_DATABASE_URL" if is_file else "set EVENBOOK_DATABASE_URL to it"
    click.echo(f"move-database: done. Now {after}, then start Evenbook again. Everybody signs in anew.")
    return 0


COMMANDS = (backup, restore, move_database)


def _record(acting: Acting, what: str, file: Path, *, rows: int) -> None:
    """Tell the audit trail, where the database is new enough to have one and can be written."""
    with suppress(DatabaseError):
        audit.record(acting.viewer, what, Thing("backup", file.name), at=acting.now, rows=rows)


def _organization() -> str:
    try:
        return str(latest().policy.of(OrganizationNumbers).called)
    except DatabaseError:
        return ""


def _place(file: Path, acting: Acting) -> Path:
    is_folder = file.is_dir() or file == acting.home / "backups"
    if not is_folder:
        return file
    file.mkdir(parents=True, exist_ok=True, mode=0o700)
    return file / f"evenbook-{acting.now:%Y-%m-%d-%H%M%S}.zip"


def _target(address: str, acting: Acting) -> dict[str, Any]:
    if address in {"sqlite", "sqlite://"}:
        return sqlite_at(acting.home / FILE)
    if address.startswith("sqlite"):
        raise BadDatabaseAddress(
            "An instance keeps its SQLite file in its own folder.", fix="Say --to sqlite, with no file."
        )
    return postgresql_at(address)


def _told(manifest: Manifest) -> dict[str, object]:
    return {
        "evenbook": manifest.evenbook,
        "made_at": manifest.made_at,
        "database": manifest.database,
        "rows": manifest.rows,
        "tables": [
            {"table": part.name, "rows": part.size, "sha256": part.sha256} for part in manifest.tables
        ],
        "files": [{"file": part.name, "bytes": part.size, "sha256": part.sha256} for part in manifest.files],
    }


@contextmanager
def _bar() -> Iterator[Told]:
    """Give a listener that shows the table at work and how many rows are done; mute where nobody watches."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda table, rows: bar.update(task, description=table, advance=rows)
