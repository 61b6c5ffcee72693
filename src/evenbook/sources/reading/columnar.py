"""Parquet files, read a batch of rows at a time.

Nested columns are flattened with dots, as in JSON. What cannot be a cell (lists, maps) becomes JSON
text. A Parquet file can announce any number of rows in a few bytes, so the announcement is checked.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from evenbook.sources.reading.archive import in_words
from evenbook.sources.reading.encoding import ODD, column_name, odd_reason, printable
from evenbook.sources.reading.layout import unique_names
from evenbook.sources.reading.limits import Limits
from evenbook.sources.reading.origin import Origin
from evenbook.sources.reading.sheets import Batch, Cell, RejectedRow, Sheet, Unread

PLAIN = (str, int, float, bool, Decimal, date, datetime, type(None))


def read_parquet(origin: Origin, limits: Limits) -> Iterator[Sheet | Unread]:
    """Return the table of a Parquet file, or why there is none."""
    with origin.seekable() as stream:
        source = pq.ParquetFile(stream)
        rows, columns = source.metadata.num_rows, len(source.schema_arrow.names)
        if columns > limits.columns:
            reason = f"it has {columns:,} columns; at most {limits.columns:,} are read"
            yield Unread(origin.name, reason, "refused")
            return
        size = sum(source.metadata.row_group(at).total_byte_size for at in range(source.num_row_groups))
        header = [name for name, _ in _flat(source.schema_arrow.empty_table())]
    digest = origin.sha256()
    if not rows:
        yield Unread(origin.name, "it has columns and no rows", "empty", tuple(header), digest)
    elif size > limits.archive_bytes:
        reason = f"it would unfold to {in_words(size)}; at most {in_words(limits.archive_bytes)} are read"
        yield Unread(origin.name, reason, "refused", sha256=digest)
    elif rows > limits.rows:
        reason = f"it announces {rows:,} rows; at most {limits.rows:,} are read"
        yield Unread(origin.name, reason, "refused", sha256=digest)
    else:
        yield Sheet(
            file=origin.name,
            kind="parquet",
            header=header,
            sha256=digest,
            stream=lambda size: _batches(origin, header, size),
            batch_rows=limits.batch_rows,
        )


def _batches(origin: Origin, header: list[str], size: int) -> Iterator[Batch]:
    number = 1
    with origin.seekable() as stream:
        source = pq.ParquetFile(stream, pre_buffer=False)
        for part in source.iter_batches(batch_size=size):
            table = pa.Table.from_batches([part])
            columns = [_cells(column) for _, column in _flat(table)]
            yield _checked(Batch(range(number, number + part.num_rows), _rows(columns)), header)
            number += part.num_rows


def _rows(columns: list[list[Cell]]) -> list[list[Cell]]:
    return [list(row) for row in zip(*columns, strict=True)]


def _flat(table: pa.Table) -> list[tuple[str, pa.ChunkedArray]]:
    """The columns of a table, those inside others by their dotted names, each name once."""
    while any(pa.types.is_struct(kind) for kind in table.schema.types):
        table = table.flatten()
    return list(
        zip(unique_names([column_name(name) for name in table.column_names]), table.columns, strict=True)
    )


def _cells(column: pa.ChunkedArray) -> list[Cell]:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = column.cast(pa.timestamp("us", tz=kind.tz), safe=False)
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    values: list[Any] = column.to_pylist()
    if all(isinstance(value, PLAIN) for value in values):
        return values
    return [_cell(value) for value in values]


def _cell(value: Any) -> Cell:
    if isinstance(value, PLAIN):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if isinstance(value, time | timedelta):
        return str(value)
    return json.dumps(value, default=str, ensure_ascii=False)


def _checked(batch: Batch, header: list[str]) -> Batch:
    """Take out rows with characters that are no text."""
    wrong = [at for at, row in enumerate(batch.rows) if any(_is_odd(cell) for cell in row)]
    if not wrong:
        return batch
    rejected = [_rejected(batch.numbers[at], batch.rows[at], header) for at in wrong]
    kept = [at for at in range(len(batch.rows)) if at not in set(wrong)]
    return Batch([batch.numbers[at] for at in kept], [batch.rows[at] for at in kept], rejected)


def _is_odd(cell: Cell) -> bool:
    return isinstance(cell, str) and ODD.search(cell) is not None


def _rejected(number: int, row: list[Cell], header: list[str]) -> RejectedRow:
    at = next(at for at, cell in enumerate(row) if _is_odd(cell))
    reason = odd_reason(str(row[at]), "UTF-8") or ""
    return RejectedRow(number, reason, tuple(printable(str(cell)) for cell in row), header[at])
