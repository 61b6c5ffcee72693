"""Reads tables of the application database into Arrow, without the object mapper.

Two ways to the same rows. PostgreSQL's Arrow driver reads them in a third of the processor time, on
a connection of its own; inside a transaction only Django's connection sees what was just written,
so its cursor does. Types are declared by the caller, never guessed from the first rows.

SQLite is always read through Django's connection. Its Arrow driver brings a SQLite of its own, and
two of them must never hold one file in one process: when one closes it, every connection of the
other, in whichever thread, loses its locks without a word, and another process may then take away
the log that they go on writing to.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from functools import lru_cache
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import duckdb
import pyarrow as pa
from django.db import connection

from evenbook.frames.table import Table

BATCH = 65_536
"""Rows of a batch."""

FETCHED = 2_000
"""Rows that are Python objects at once: few enough to stay near the processor."""

_PLAIN = {
    "sqlite": {
        "BIGINT": "cast({0} as integer)",
        "VARCHAR": "cast({0} as text)",
        "DOUBLE": "cast({0} as real)",
        "BOOLEAN": "cast({0} as integer)",
        "TIMESTAMP": "cast({0} as text)",
        "DATE": "cast({0} as text)",
    },
    "postgresql": {
        "BIGINT": "cast({0} as bigint)",
        "VARCHAR": "cast({0} as text)",
        "DOUBLE": "cast({0} as double precision)",
        "BOOLEAN": "cast({0} as int)",
        "TIMESTAMP": "to_char({0} at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')",
        "DATE": "to_char({0}, 'YYYY-MM-DD')",
    },
}
"""Each column type as both ways give it: numbers, or text that the engine reads."""

_FETCHED_AS = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "BOOLEAN": pa.int64()}


class Driver:
    """PostgreSQL's Arrow driver on one connection, opened by the first table that is read over it.

    To open one takes longer than to read a small table: the driver asks for every type that the database has.
    It also loads much that only reading needs, so a command that reads no tables does without.
    """

    def __init__(self) -> None:
        self._opened: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def batches(self, table: Table) -> pa.RecordBatchReader:
        """Return the rows of a table as the database gives them; ask for no other until they are read."""
        if self._opened is None:
            from adbc_driver_postgresql import dbapi

            self._opened = dbapi.connect(_postgres_uri(connection.settings_dict), autocommit=True)
        cursor = self._opened.cursor()
        cursor.execute(_portable(table))
        reader = cursor.fetch_record_batch()

        def batches() -> Iterator[pa.RecordBatch]:
            try:
                yield from reader
            finally:
                cursor.close()

        return pa.RecordBatchReader.from_batches(reader.schema, batches())


def read(table: Table, driver: Driver | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the rows of ``table`` in batches, in the declared column types.

    Args:
        table: what to read.
        driver: the one that the tables around it are read over; without it, one of its own.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        with Driver() if driver is None else nullcontext(driver) as over:
            yield from _read(table, over.batches(table))
    else:
        yield from _read(table, _by_cursor(table))


def _read(table: Table, raw: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    with _engine(os.getpid()).cursor() as reading:
        reading.register("raw", raw)
        chosen = ", ".join(_typed(name, kind) for name, kind in table.columns.items())
        yield from reading.sql(f"select {chosen} from raw").to_arrow_reader(BATCH)


@lru_cache(maxsize=1)
def _engine(process: int) -> duckdb.DuckDBPyConnection:
    """Return the process's own engine for this: to make one takes longer than to read a small table."""
    return duckdb.connect(":memory:", config={"threads": 1})


def _typed(name: str, kind: str) -> str:
    value = f'"{name}"'
    if kind == "TIMESTAMP":
        return f"cast(left({value}, 26) as TIMESTAMP) as {value}"
    return f"cast({value} as {kind}) as {value}"


def _portable(table: Table) -> str:
    """Return the caller's query with each column as every database can give it."""
    plain = _PLAIN[connection.vendor]
    chosen = ", ".join(f"{plain[kind].format(name)} as {name}" for name, kind in table.columns.items())
    return f"select {chosen} from ({table.select}) as asked"


def _by_cursor(table: Table) -> pa.RecordBatchReader:
    """Read through Django's connection, which sees its own open transaction."""
    schema = pa.schema([(name, _FETCHED_AS.get(kind, pa.string())) for name, kind in table.columns.items()])

    def batches() -> Iterator[pa.RecordBatch]:
        with connection.cursor() as cursor:
            cursor.execute(_portable(table))
            while rows := cursor.fetchmany(FETCHED):
                columns = zip(schema, zip(*rows, strict=True), strict=True)
                yield pa.RecordBatch.from_arrays(
                    [pa.array(column, type=field.type) for field, column in columns], schema=schema
                )

    return pa.RecordBatchReader.from_batches(schema, batches())


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
