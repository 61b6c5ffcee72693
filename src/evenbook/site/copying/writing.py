"""Writes lines into the empty tables of another database, and proves there what arrived.

All tables go in by one transaction: it ends only when every one of them, read back, has the rows and
the digest that it had where it came from. Whatever stops it leaves the tables as empty as they were.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from evenbook.kit.errors import EvenbookError
from evenbook.site.copying.columns import Table, lines, values
from evenbook.site.copying.reading import BATCH, Digest, digest_of, question, streamed
from evenbook.site.copying.versions import Migrations, heads_of, tables_at

MADE_WITH_IT = {"django_content_type", "auth_permission", "django_site"}
"""Tables that making a database fills."""

POLICY = "policy_policyversion"
"""Its first version comes by itself when an instance is served for the first time."""


class NotEmpty(EvenbookError):
    """Something is there already, where only an empty instance may be filled."""

    kind = "not-empty"
    status = 409


class CopyFailed(EvenbookError):
    """What arrived is not what was sent, or could not be taken."""

    kind = "copy-failed"


def make_tables(connection: BaseDatabaseWrapper, migrations: Migrations) -> tuple[Table, ...]:
    """Make the tables that a set of migrations makes, where they are not there, and return them.

    Raises:
        NotEmpty: the database is ahead of them.
    """
    executor = MigrationExecutor(connection)
    wanted = {(app, name) for app, names in migrations.items() for name in names}
    if ahead := sorted(set(executor.loader.applied_migrations) - wanted):
        raise NotEmpty(
            f"The database to fill is of a later version than the copy: it has {'.'.join(ahead[0])}.",
            fix="Fill a new one: another EVENBOOK_HOME, or an empty database.",
        )
    executor.migrate(heads_of(migrations))
    return tables_at(migrations)


def refuse_used(connection: BaseDatabaseWrapper, tables: Iterable[Table]) -> None:
    """Refuse a database in which anybody has put anything.

    Raises:
        NotEmpty: a table holds rows.
    """
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in tables:
            if table.name not in there or table.name in MADE_WITH_IT:
                continue
            cursor.execute(f'select count(*) from (select 1 from "{table.name}" limit 2) as held')
            rows = int(cursor.fetchone()[0])
            if rows > (1 if table.name == POLICY else 0):
                raise NotEmpty(
                    f"The database to fill is not empty: the table {table.name} holds rows.",
                    fix="Use an empty folder or database; nothing that is there is ever written over.",
                )


@contextmanager
def filling(connection: BaseDatabaseWrapper, tables: tuple[Table, ...]) -> Iterator[None]:
    """Hold the one transaction in which tables are filled; keys are checked at its end.

    Raises:
        CopyFailed: a row refers to one that is not there, or the database does not take a value.
    """
    try:
        with transaction.atomic(using=connection.alias):
            with connection.cursor() as cursor:
                for table in tables:
                    if table.name in {*MADE_WITH_IT, POLICY}:
                        cursor.execute(f'delete from "{table.name}"')
            yield
            connection.check_constraints()
            _number_on(connection, tables)
    except DatabaseError as error:
        said = " ".join(str(error).split())[:200]
        raise CopyFailed(
            f"The database did not take the copy; nothing was changed. It says: {said}.",
            fix="Mend that, or the rows it names where the copy was made from, then do it again.",
        ) from error


def fill(connection: BaseDatabaseWrapper, table: Table, of: Iterable[bytes]) -> Digest:
    """Write lines into an empty table and return what proves them there, read back from it."""
    rows = (values(line, table, vendor=connection.vendor) for line in of)
    names = ", ".join(f'"{name}"' for name in table.names)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with (
                connection.wrap_database_errors,
                cursor.copy(f'copy "{table.name}" ({names}) from stdin') as copy,
            ):
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(table.columns))
            statement = f'insert into "{table.name}" ({names}) values ({marks})'
            connection.ensure_connection()
            while batch := list(islice(rows, BATCH)):
                with connection.wrap_database_errors:
                    connection.connection.executemany(statement, batch)
    return held(connection, table)


def held(connection: BaseDatabaseWrapper, table: Table) -> Digest:
    """Return what proves the rows of a table, as the open transaction sees them."""
    asked = question(table, vendor=connection.vendor)
    if connection.vendor == "postgresql":
        return digest_of(lines(streamed(connection, asked), table))
    connection.ensure_connection()
    return digest_of(lines(connection.connection.execute(asked), table))


def prove(table: Table, *, sent: Digest, arrived: Digest) -> None:
    """Compare a table where it came from with where it went.

    Raises:
        CopyFailed: they are not alike.
    """
    if sent == arrived:
        return
    how = (
        f"{arrived.rows:,} of {sent.rows:,} rows arrived"
        if sent.rows != arrived.rows
        else "its rows arrived changed"
    )
    raise CopyFailed(
        f"The copy of {table.name} is not what was sent: {how}. Nothing was changed.",
        fix="Do it again; if it happens twice, this is a fault of Evenbook: please report it.",
    )


def _number_on(connection: BaseDatabaseWrapper, tables: tuple[Table, ...]) -> None:
    """Let PostgreSQL number on after the highest row of each table; SQLite does so by itself."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute("select pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.names[0]])
            found = cursor.fetchone()[0]
            if found:
                highest = f'(select max("{table.names[0]}") from "{table.name}")'
                cursor.execute(f"select setval(%s, coalesce({highest}, 1), {highest} is not null)", [found])
