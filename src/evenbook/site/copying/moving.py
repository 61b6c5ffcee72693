"""Moves an instance from one database to another: everything but what signs people in just now.

Writers are held while it lasts, so nothing is written behind its back; readers go on. Where it came
from stays as it is, and a mark in the folder tells whoever opens it there again by mistake.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from evenbook.kit.files import written_whole
from evenbook.site.copying.backup import refuse_newer
from evenbook.site.copying.columns import Table
from evenbook.site.copying.reading import Counted, Digest, Snapshot, Told, about, snapshot
from evenbook.site.copying.writing import NotEmpty, fill, filling, make_tables, prove, refuse_used
from evenbook.site.database import alone, shown

TARGET = "target"
MOVED = "moved.json"


@dataclass(frozen=True)
class Moved:
    """A table that was moved, and what proves it on both sides."""

    table: str
    digest: Digest


def move(
    source: dict[str, Any],
    target: dict[str, Any],
    *,
    home: Path,
    now: datetime,
    told: Told | None = None,
) -> tuple[Moved, ...]:
    """Copy every table into an empty database, prove it there, and return what was moved.

    Args:
        source: Django's settings of the database to move from.
        target: those of the one to move to.
        home: the instance's folder; its cache is thrown away.
        now: when.
        told: hears of each table and its rows.

    Raises:
        NotEmpty: the target holds something, or is where the instance is already.
        BackupRefused: the source is of a later version than the program.
        StillWritten: writers could not be held.
        CopyFailed: what arrived is not what was sent.
    """
    if (source["NAME"], source.get("HOST")) == (target["NAME"], target.get("HOST")):
        raise NotEmpty("The instance is in that database already.", fix="Name another with --to.")
    with connected(target) as to, alone(to, home=home), snapshot(source, hold_writers=True) as seen:
        migrations = seen.migrations()
        refuse_newer(migrations)
        tables = make_tables(to, migrations)
        refuse_used(to, tables)
        with filling(to, tables):
            moved = tuple(_moved(seen, to, table, told) for table in tables)
        call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    _mark(home, source, target, now)
    shutil.rmtree(home / "cache", ignore_errors=True)
    return moved


@contextmanager
def connected(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Give a connection to another database than the instance's, by the alias ``TARGET``."""
    base = {name: value for name, value in connections.databases["default"].items() if name not in settings}
    base |= {"OPTIONS": {}, "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", "CONN_HEALTH_CHECKS": False}
    connections.databases[TARGET] = {**base, **settings}
    try:
        yield connections[TARGET]
    finally:
        connections[TARGET].close()
        del connections[TARGET]
        del connections.databases[TARGET]


def moved_from(home: Path) -> str:
    """Return the engine that an instance was moved away from, or nothing where it never was."""
    try:
        return str(json.loads((home / MOVED).read_text(encoding="utf-8"))["from"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _moved(seen: Snapshot, to: BaseDatabaseWrapper, table: Table, told: Told | None) -> Moved:
    sent = Counted(seen.lines(table), about(told, table.name))
    arrived = fill(to, table, sent)
    prove(table, sent=sent.digest, arrived=arrived)
    return Moved(table.name, sent.digest)


def _mark(home: Path, source: dict[str, Any], target: dict[str, Any], now: datetime) -> None:
    told = {"from": source["ENGINE"], "to": shown(target), "at": now.isoformat(timespec="seconds")}
    with written_whole(home / MOVED) as part:
        part.write_text(json.dumps(told), encoding="utf-8")
