"""Reads an instance's tables as they stood at one instant, while people go on writing.

SQLite gives a connection of its own one view of the file for as long as it reads (WAL); PostgreSQL
does so in a repeatable-read transaction. Nobody waits, unless the caller asks that writers do.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

from evenbook.kit.errors import EvenbookError
from evenbook.site.copying.columns import Table, lines

BATCH = 5_000
PATIENCE = 20
"""Seconds to wait for whoever writes at the moment, where writers are to be held."""


class StillWritten(EvenbookError):
    """Writers could not be held."""

    kind = "still-written"
    retry = True


Told = Callable[[str, int], None]
"""Hears which table is being copied, and how many rows of it more are done."""


@dataclass(frozen=True)
class Digest:
    """What proves a table: how many rows, and the digest of its lines."""

    rows: int
    sha256: str


class Snapshot:
    """The tables of a database at one instant."""

    def __init__(self, ask: Callable[[str], Iterator[Sequence[Any]]], *, vendor: str) -> None:
        self._ask, self.vendor = ask, vendor

    def lines(self, table: Table) -> Iterator[bytes]:
        """Yield the rows of a table as lines, in the order of its primary key."""
        return lines(self._ask(question(table, vendor=self.vendor)), table)

    def migrations(self) -> dict[str, list[str]]:
        """Return the migrations that made the database, by app."""
        found: dict[str, list[str]] = {}
        for app, name in self._ask("select app, name from django_migrations order by app, name"):
            found.setdefault(app, []).append(name)
        return found


def question(table: Table, *, vendor: str) -> str:
    """Return the query of a table's rows; texts are ordered by their bytes on both databases."""
    names = ", ".join(f'"{name}"' for name in table.names)
    collated = ' collate "C"' if vendor == "postgresql" and table.is_text_keyed else ""
    return f'select {names} from "{table.name}" order by "{table.names[0]}"{collated}'


@contextmanager
def snapshot(settings: dict[str, Any], *, hold_writers: bool = False) -> Iterator[Snapshot]:
    """Give the tables of a database as they stand now.

    Args:
        settings: Django's, of the database.
        hold_writers: let nobody write until the block ends.

    Raises:
        StillWritten: somebody writes and does not stop.
    """
    opened = _of_sqlite if settings["ENGINE"].endswith("sqlite3") else _of_postgresql
    with opened(settings, hold_writers) as found:
        yield found


@contextmanager
def _of_sqlite(settings: dict[str, Any], hold_writers: bool) -> Iterator[Snapshot]:
    path = quote(str(Path(settings["NAME"]).resolve()))
    try:
        opened = sqlite3.connect(f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=PATIENCE)
    except sqlite3.Error as error:
        raise OperationalError(str(error)) from error
    try:
        try:
            opened.execute("begin immediate" if hold_writers else "begin")
            opened.execute("select 1 from sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            raise _still_written() if hold_writers else OperationalError(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise OperationalError(str(error)) from error
        yield Snapshot(lambda sql: iter(opened.execute(sql)), vendor="sqlite")
    finally:
        opened.close()


@contextmanager
def _of_postgresql(settings: dict[str, Any], hold_writers: bool) -> Iterator[Snapshot]:
    connection = ConnectionHandler({"default": dict(settings)})["default"]
    try:
        with connection.cursor() as cursor:
            cursor.execute("begin isolation level repeatable read")
            if hold_writers:
                _hold_writers(cursor)
            cursor.execute("select count(*) from django_migrations")
        yield Snapshot(lambda sql: streamed(connection, sql), vendor="postgresql")
    finally:
        connection.close()


def _hold_writers(cursor: Any) -> None:
    cursor.execute(f"set local lock_timeout = '{PATIENCE}s'")
    cursor.execute("select tablename from pg_tables where schemaname = current_schema() order by 1")
    names = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
    try:
        cursor.execute(f"lock table {names} in share mode")
    except OperationalError as error:
        raise _still_written() from error


def streamed(connection: BaseDatabaseWrapper, sql: str) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query on PostgreSQL, some thousands at a time, within the open transaction."""
    connection.ensure_connection()
    with connection.connection.cursor(name="evenbook_copy") as cursor:
        cursor.itersize = BATCH
        cursor.execute(sql)
        yield from cursor


class Counted:
    """Lines that pass through, counted and digested; ``digest`` is whole when they are at their end."""

    def __init__(self, lines_of: Iterable[bytes], told: Callable[[int], None] | None = None) -> None:
        self._lines, self._told = lines_of, told
        self._rows, self._sha256 = 0, hashlib.sha256()

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self._sha256.update(line)
            self._rows += 1
            if self._told is not None and self._rows % BATCH == 0:
                self._told(BATCH)
            yield line
        if self._told is not None:
            self._told(self._rows % BATCH)

    @property
    def digest(self) -> Digest:
        """What proves the lines that have passed."""
        return Digest(self._rows, self._sha256.hexdigest())


def digest_of(lines_of: Iterable[bytes]) -> Digest:
    """Return what proves a table, from its lines."""
    counted = Counted(lines_of)
    for _ in counted:
        pass
    return counted.digest


def about(told: Told | None, table: str) -> Callable[[int], None] | None:
    """Return who hears of one table."""
    return None if told is None else lambda rows: told(table, rows)


def _still_written() -> StillWritten:
    return StillWritten(
        f"Somebody has been writing to the database for {PATIENCE} seconds.",
        fix="Stop `evenbook serve` and the worker, then start the move again.",
    )
