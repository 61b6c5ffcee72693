"""Reads tables of the application database into Arrow, without the object mapper.

Two ways to the same rows. Outside a transaction the database's own Arrow driver reads them, which
costs a third of the processor time; inside one only Django's connection sees what was just
written, so its cursor does. Types are declared by the caller, never guessed from the first rows.

The driver brings a SQLite of its own. Two of them must never hold one file in one process: when one
closes it, the other loses its locks without a word, and another process may then take away the log
that it goes on writing to. So this thread's connection is closed before the driver opens the file,
and a process whose threads have connections of their own (``serves``) does without the driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

import duckdb
import pyarrow as pa
from django.db import connection

from evenbook.frames.table import Table

serves = False
"""Whether threads of this process answer requests; set where the web application is loaded."""

BATCH = 65_536
"""Rows that are held at once while reading."""

_SENTINEL = {
    "BIGINT": "0",
    "VARCHAR": "'x'",
    "DOUBLE": "0.5",
    "BOOLEAN": "0",
    "TIMESTAMP": "'1970-01-01 00:00:00'",
    "DATE": "'1970-01-01'",
}
_TEXT_KINDS = {"TIMESTAMP", "DATE", "VARCHAR"}


def read(table: Table) -> Iterator[pa.RecordBatch]:
    """Yield the rows of ``table`` in batches, in the declared column types."""
    is_held = connection.in_atomic_block or (serves and connection.vendor == "sqlite")
    raw = _by_cursor(table) if is_held else _by_driver(table)
    with duckdb.connect(":memory:", config={"threads": 1}) as engine:
        engine.register("raw", raw)
        chosen = ", ".join(_typed(name, kind) for name, kind in table.columns.items())
        yield from engine.sql(f"select {chosen} from raw").to_arrow_reader(BATCH)


def _typed(name: str, kind: str) -> str:
    value = f'"{name}"'
    if kind == "TIMESTAMP":
        return f"cast(left({value}, 26) as TIMESTAMP) as {value}"
    return f"cast({value} as {kind}) as {value}"


def _by_cursor(table: Table) -> pa.RecordBatchReader:
    """Read through Django's connection, which sees its own open transaction."""
    schema = pa.schema([(name, _raw_type(kind)) for name, kind in table.columns.items()])

    def batches() -> Iterator[pa.RecordBatch]:
        with connection.cursor() as cursor:
            cursor.execute(_portable(table))
            while rows := cursor.fetchmany(BATCH):
                yield pa.RecordBatch.from_arrays(
                    [
                        pa.array(map(_plain(field.type), column), type=field.type)
                        for field, column in zip(schema, zip(*rows, strict=True), strict=True)
                    ],
                    schema=schema,
                )

    return pa.RecordBatchReader.from_batches(schema, batches())


def _raw_type(kind: str) -> pa.DataType:
    if kind in _TEXT_KINDS:
        return pa.string()
    return {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.int64()}[kind]


def _plain(kind: pa.DataType) -> Any:
    if pa.types.is_string(kind):
        return lambda value: None if value is None else str(value)
    if pa.types.is_int64(kind):
        return lambda value: None if value is None else int(value)
    return lambda value: None if value is None else float(value)


def _by_driver(table: Table) -> pa.RecordBatchReader:
    """Read through the database's Arrow driver, on a connection of its own.

    The drivers load much that only reading needs, so a command that reads no tables does without.
    """
    sql = _portable(table)
    if connection.vendor == "postgresql":
        from adbc_driver_postgresql import dbapi as postgresql

        return _stream(postgresql.connect(_postgres_uri(connection.settings_dict)), sql)
    from adbc_driver_sqlite import dbapi as sqlite

    connection.close()
    opened = sqlite.connect(f"file:{connection.settings_dict['NAME']}?mode=ro")
    return _stream(opened, _with_sentinel(table, sql), skip=1)


def _stream(opened: Any, sql: str, *, skip: int = 0) -> pa.RecordBatchReader:
    cursor = opened.cursor()
    if skip:
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(BATCH)})
    cursor.execute(sql)
    reader = cursor.fetch_record_batch()

    def batches() -> Iterator[pa.RecordBatch]:
        left = skip
        try:
            for batch in reader:
                yield batch.slice(left)
                left = 0
        finally:
            cursor.close()
            opened.close()

    return pa.RecordBatchReader.from_batches(reader.schema, batches())


def _with_sentinel(table: Table, sql: str) -> str:
    """Put one typed row in front: the driver guesses types from the first rows it sees."""
    first = ", ".join(f"{_SENTINEL[kind]} as {name}" for name, kind in table.columns.items())
    return f"select {first} union all select * from ({sql})"


def _portable(table: Table) -> str:
    """Return the caller's query with instants, days and booleans as every database can give them."""
    if connection.vendor != "postgresql":
        return table.select
    casts = {
        "TIMESTAMP": "to_char({0} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') as {0}",
        "DATE": "to_char({0}, 'YYYY-MM-DD') as {0}",
        "VARCHAR": "cast({0} as text) as {0}",
        "BOOLEAN": "cast({0} as int) as {0}",
        "DOUBLE": "cast({0} as double precision) as {0}",
        "BIGINT": "cast({0} as bigint) as {0}",
    }
    chosen = ", ".join(casts[kind].format(name) for name, kind in table.columns.items())
    return f"select {chosen} from ({table.select}) as asked"


def _postgres_uri(settings: Mapping[str, Any]) -> str:
    who = quote(settings["USER"] or "")
    if settings["PASSWORD"]:
        who = f"{who}:{quote(settings['PASSWORD'], safe='')}"
    host, port = settings["HOST"] or "", settings["PORT"]
    if host.startswith("/"):
        return f"postgresql://{who}@/{quote(settings['NAME'])}?host={quote(host, safe='')}" + (
            f"&port={port}" if port else ""
        )
    return f"postgresql://{who}@{host}{':' + port if port else ''}/{quote(settings['NAME'])}"
