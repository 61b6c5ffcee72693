"""Tables that only grow: the database itself refuses to change, drop or empty their rows.

Used by migrations, for SQLite and for PostgreSQL. Whoever owns the database can still take the
triggers away; nobody who has the application alone can.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REFUSAL = "the audit trail only grows"

SQLITE = """
create trigger {table}_no_{verb} before {verb} on {table}
begin select raise(abort, '{refusal}'); end
"""
POSTGRESQL_FUNCTION = """
create or replace function {table}_only_grows() returns trigger language plpgsql as
$$ begin raise exception '{refusal}'; end $$
"""
POSTGRESQL = """
create trigger {table}_no_change before update or delete or truncate on {table}
for each statement execute function {table}_only_grows()
"""


def guards(table: str, vendor: str) -> tuple[str, ...]:
    """Return the statements that close a table of a database ``vendor`` against all but inserts."""
    names = {"table": table, "refusal": REFUSAL}
    if vendor == "sqlite":
        return tuple(SQLITE.format(verb=verb, **names) for verb in ("update", "delete"))
    return (POSTGRESQL_FUNCTION.format(**names), POSTGRESQL.format(**names))


def openings(table: str, vendor: str) -> tuple[str, ...]:
    """Return the statements that take the guards of a table away again: to undo a migration."""
    if vendor == "sqlite":
        return tuple(f"drop trigger if exists {table}_no_{verb}" for verb in ("update", "delete"))
    return (f"drop trigger if exists {table}_no_change on {table}",)


def running(statements: Callable[[str, str], tuple[str, ...]], table: str) -> Callable[[Any, Any], None]:
    """Return an operation of a migration that runs the statements for its database."""

    def run(apps: Any, schema_editor: Any) -> None:
        for statement in statements(table, schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    return run
