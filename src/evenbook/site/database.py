"""Which database an instance lives in, and what its faults mean in plain words.

``EVENBOOK_DATABASE_URL`` names a PostgreSQL; without it the instance keeps one SQLite file in its
folder. Nothing here says a password: neither the address as it is shown nor any error.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from evenbook.kit.errors import EvenbookError

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

FILE = "evenbook.sqlite3"
SCHEMES = {"postgresql", "postgres"}
IN_QUERY = {"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "options"}
LONGEST_CONNECT = 10
"""Seconds after which a server that says nothing counts as away."""

ONE_AT_A_TIME = 0x45564E42
"""The advisory lock of whoever makes the database or brings it up to date."""

SHAPE = "Write it as postgresql://user:password@host:5432/name, or with ?host=/folder for a socket."


class BadDatabaseAddress(EvenbookError):
    """The address of a database can't be understood."""

    kind = "bad-database-address"


def sqlite_at(path: Path) -> dict[str, Any]:
    """Return Django's settings for a SQLite file."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;",
        },
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }


def postgresql_at(url: str) -> dict[str, Any]:
    """Return Django's settings for the PostgreSQL that an address names.

    Raises:
        BadDatabaseAddress: it names none, or says something that is not understood.
    """
    parts, port, query = _parts(url)
    name = unquote(parts.path.lstrip("/"))
    host = query.pop("host", "") or unquote(parts.hostname or "")
    if not name or not host:
        missing = "the name of the database" if host else "the host"
        raise BadDatabaseAddress(f"The address of the database lacks {missing}.", fix=SHAPE)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": LONGEST_CONNECT, "application_name": "evenbook", **query},
    }


def _parts(url: str) -> tuple[Any, int | None, dict[str, str]]:
    """Return an address in its parts, its port and its query, or refuse."""
    try:
        parts = urlsplit(url.strip())
        port, query = parts.port, dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError as error:
        raise BadDatabaseAddress(
            "The address of the database can't be read: a port is a number, and signs such as @ or / in a "
            "password are written as %40 or %2F.",
            fix=SHAPE,
        ) from error
    if parts.scheme not in SCHEMES:
        raise BadDatabaseAddress(
            f"The address of the database begins with '{parts.scheme[:20]}', not with 'postgresql'.",
            fix=SHAPE,
        )
    if strange := sorted(set(query) - IN_QUERY):
        raise BadDatabaseAddress(
            f"The address of the database says '{strange[0][:40]}', which means nothing here.",
            fix=f"What may stand behind the question mark: {', '.join(sorted(IN_QUERY))}.",
        )
    return parts, port, query


def shown(settings: dict[str, Any]) -> str:
    """Return how a database is named to people: without user and password."""
    if settings["ENGINE"].endswith("sqlite3"):
        return f"the SQLite file {settings['NAME']}"
    port = f":{settings['PORT']}" if settings.get("PORT") else ""
    return f"the PostgreSQL database {settings['NAME']} at {settings['HOST']}{port}"


FAULTS = (
    (r"password authentication failed|no password supplied|role .* does not exist|pg_hba", "credentials"),
    (r"database .* does not exist", "absent"),
    (r"connection refused|could not translate|timeout expired|no such file|is the server running"
     r"|server closed|connection .*closed|terminating connection|starting up|shutting down"
     r"|name or service|connection is lost|network is unreachable|the connection is closed"
     r"|connection already closed", "away"),
    (r"unable to open database file|disk i/o error", "shut"),
    (r"too many (clients|connections)|connection slots", "crowded"),
    (r"permission denied|readonly database|read-only", "forbidden"),
    (r"is locked|lock timeout|deadlock detected|could not obtain lock", "locked"),
    (r"disk is full|no space left|disk full|could not extend file|quota exceeded", "full"),
    (r"not a database|malformed", "damaged"),
    (r"no such (table|column)|(relation|column) .* does not exist", "other version"),
)  # fmt: skip

SAID = {
    "credentials": (
        "The database refuses the user or the password that EVENBOOK_DATABASE_URL names.",
        "Check both with whoever keeps the database; signs such as @ or / are written as %40 or %2F.",
    ),
    "absent": (
        "The database server answers, but it has no database of that name.",
        "Check the name in EVENBOOK_DATABASE_URL, or make the database: createdb NAME",
    ),
    "away": (
        "The database server does not answer.",
        "Check host and port in EVENBOOK_DATABASE_URL, and that the server runs; then try again.",
    ),
    "shut": (
        "The file of the database can't be opened or read.",
        "Check that the folder in EVENBOOK_HOME is there, may be read and written, and is on a sound disk.",
    ),
    "crowded": (
        "The database server has no connection left.",
        "Raise max_connections, or serve with fewer --workers; then try again.",
    ),
    "forbidden": (
        "The database can't be written by this user.",
        "Give the user that runs Evenbook the right to write, and look whether the disk is full.",
    ),
    "locked": (
        "The database is busy: something else has been writing to it for 20 seconds.",
        "Try again in a moment; for many who write at once, use PostgreSQL.",
    ),
    "full": ("The disk of the database is full; nothing was changed.", "Make room, then do it again."),
    "damaged": (
        "The file of the database is damaged, or is not a database.",
        "Restore the last backup into an empty folder: evenbook restore FILE",
    ),
    "other version": (
        "The database is empty or of another version.",
        "See `evenbook doctor`; `evenbook demo` or `evenbook import` makes a new one.",
    ),
}


def fault(error: BaseException) -> str:
    """Return which kind of fault an error of the database is; empty for one that is not known."""
    said = " ".join(str(error).split()).lower()
    return next((kind for pattern, kind in FAULTS if re.search(pattern, said)), "")


def words(error: BaseException) -> tuple[str, str]:
    """Return what an error of the database means and how to mend it."""
    found = fault(error)
    if found:
        return SAID[found]
    said = " ".join(str(error).split())[:300]
    return f"The database can't be used. It says: {said}", "See `evenbook doctor`."


@contextmanager
def alone(connection: BaseDatabaseWrapper, *, home: Path) -> Iterator[None]:
    """Hold, for the length of a block, what one process may do at a time to an instance's database.

    Others wait until it is free. The lock goes with the process or its connection, however it ends:
    on SQLite it is a lock on a file in the folder, on PostgreSQL one of the server's own.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_lock(%s)", [ONE_AT_A_TIME])
            try:
                yield
            finally:
                if connection.connection is not None and not connection.connection.closed:
                    cursor.execute("select pg_advisory_unlock(%s)", [ONE_AT_A_TIME])
        return
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (home / "starting.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
