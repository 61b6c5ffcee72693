"""Databases of a test's own, beside the suite's: a SQLite file each, or a database each on the server."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

import postgres_server
import ready
from evenbook.site.database import postgresql_at, sqlite_at


def address_of(name: str) -> str:
    """Return the address of a database of this name on the suite's PostgreSQL."""
    return postgres_server.address(os.environ["EVENBOOK_DATABASE_URL"], name)


@contextmanager
def opened(alias: str, settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Give a connection by an alias of its own."""
    base = {
        **connections.databases["default"],
        "OPTIONS": {},
        "USER": "",
        "PASSWORD": "",
        "HOST": "",
        "PORT": "",
    }
    connections.databases[alias] = {**base, **settings}
    try:
        yield connections[alias]
    finally:
        connections[alias].close()
        del connections[alias]
        del connections.databases[alias]


@contextmanager
def postgresql(name: str, *, with_tables: bool = False) -> Iterator[dict[str, Any]]:
    """Give the settings of a new database on the suite's server: empty, or with all tables."""
    administrator = {**postgresql_at(address_of("postgres"))}
    with at(administrator) as server, server.cursor() as cursor:
        cursor.execute(f"drop database if exists {name} with (force)")
        cursor.execute(f"create database {name}" + (f" template {ready.TEMPLATE}" if with_tables else ""))
    try:
        yield postgresql_at(address_of(name))
    finally:
        with at(administrator) as server, server.cursor() as cursor:
            cursor.execute(f"drop database if exists {name} with (force)")


@contextmanager
def of_the_suites_kind(folder: Path, name: str, *, with_tables: bool = False) -> Iterator[dict[str, Any]]:
    """Give the settings of a new database: on PostgreSQL where the suite runs on it, else a file."""
    if connection.vendor == "postgresql":
        with postgresql(name, with_tables=with_tables) as settings:
            yield settings
    else:
        if with_tables:
            ready.sqlite(folder / "evenbook.sqlite3")
        yield sqlite_at(folder / "evenbook.sqlite3")


@contextmanager
def at(settings: dict[str, Any]) -> Iterator[BaseDatabaseWrapper]:
    """Give a connection that no guard of the suite knows: to look at a database of other processes."""
    opened_anew = ConnectionHandler({"default": dict(settings)})["default"]
    try:
        yield opened_anew
    finally:
        opened_anew.close()
