"""Writes columns into application tables, many rows at once, inside Django's transaction.

What the object mapper would write, without an object per row: SQLite gets prepared statements,
PostgreSQL a COPY. Types come from the models, so instants, days, booleans and documents are stored
as Django itself would store them on that database, and read back the same.

Nothing is validated beyond what the database and the models' lengths demand; whoever wrote a fact
notes it with ``frames.actions.note_write``.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as csv
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

BATCH = 50_000
"""Rows that are turned into statements at once."""


def insert(table: str, rows: pa.Table | pa.RecordBatch | pa.RecordBatchReader) -> int:
    """Write ``rows`` into a database table and return how many they are.

    Args:
        table: the database table: ``records_ticket``.
        rows: a table, or batches as they come; columns by the database's names (``account_id``). A
            column that is left out gets the model's default; ``id`` left out is numbered by the
            database. Instants are UTC, with or without a zone; a number that is not a number is
            null; a document is JSON text or a nested value.

    Raises:
        LookupError: no model has this table.
        ValueError: a column is unknown, missing without a default, or holds too long a text.
    """
    model = model_of(table)
    given = pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows
    batches = given.to_batches(max_chunksize=BATCH) if isinstance(given, pa.Table) else given
    names, fields, written = given.schema.names, None, 0
    with transaction.atomic():
        for batch in batches:
            if batch.num_rows:
                fields = fields or _fields_of(model, names)
                _write(table, fields, batch)
                written += batch.num_rows
        if written and "id" in names:
            _number_on(model)
    return written


def free_id(table: str) -> int:
    """Return the first id above all that are in use, for callers who number rows themselves."""
    highest = model_of(table)._default_manager.aggregate(highest=models.Max("pk"))["highest"]
    return int(highest or 0) + 1


def is_empty(tables: Iterable[str]) -> bool:
    """Return whether none of the tables holds a row."""
    return not any(model_of(table)._default_manager.exists() for table in tables)


@contextmanager
def without_indexes(tables: Iterable[str]) -> Iterator[None]:
    """Take away the tables' plain indexes and make them again at the end.

    For the first load of an empty instance: sorting once is several times cheaper than keeping
    order row by row. Unique indexes stay. When the work fails, the caller's transaction brings
    all of them back.

    Raises:
        RuntimeError: called outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("without_indexes needs an open transaction: a failure would lose the indexes")
    kept = [each for table in tables for each in _plain_indexes(table)]
    with connection.cursor() as cursor:
        for name, _ in kept:
            cursor.execute(f"drop index {connection.ops.quote_name(name)}")
    yield
    _check_constraints()
    with connection.cursor() as cursor:
        for _, sql in kept:
            cursor.execute(sql)


def model_of(table: str) -> type[models.Model]:
    """Return the model that is stored in a database table.

    Raises:
        LookupError: there is none.
    """
    for model in apps.get_models(include_auto_created=True):
        if model._meta.db_table == table:
            return model
    raise LookupError(f"no model is stored in {table}")


def _fields_of(model: type[models.Model], given: list[str]) -> list[models.Field[Any, Any]]:
    """Return the fields to write, given columns and defaults, or refuse."""
    known = {field.column: field for field in model._meta.concrete_fields if field.column}
    unknown = [name for name in given if name not in known]
    if unknown:
        raise ValueError(f"{model._meta.db_table} has no column {', '.join(unknown)}")
    missing = [name for name, field in known.items() if name not in given and not _has_default(field)]
    if missing:
        raise ValueError(f"{model._meta.db_table} needs {', '.join(missing)}")
    return [field for name, field in known.items() if name in given or not field.primary_key]


def _has_default(field: models.Field[Any, Any]) -> bool:
    return bool(field.primary_key or field.null or field.has_default() or (field.blank and _is_text(field)))


def _is_text(field: models.Field[Any, Any]) -> bool:
    return isinstance(field, models.CharField | models.TextField)


def _write(table: str, fields: list[models.Field[Any, Any]], batch: pa.RecordBatch) -> None:
    quote = connection.ops.quote_name
    columns = [_stored(field, batch) for field in fields]
    names = ", ".join(quote(str(field.column)) for field in fields)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"copy {quote(table)} ({names}) from stdin with (format csv)") as copy:
                copy.write(_as_csv(columns))
            return
        marks = ", ".join(["%s"] * len(fields))
        values = list(zip(*(column.to_pylist() for column in columns), strict=True))
        cursor.executemany(f"insert into {quote(table)} ({names}) values ({marks})", values)


def _stored(field: models.Field[Any, Any], batch: pa.RecordBatch) -> pa.Array:
    """Return a field's column as this database stores it."""
    if field.column not in batch.schema.names:
        default = field.get_default()
        plain = json.dumps(default) if isinstance(field, models.JSONField) else default
        return pa.array([plain] * batch.num_rows, type=_plain_type(field))
    column = batch.column(field.column)
    if isinstance(field, models.JSONField):
        return _documents(column)
    if isinstance(field, models.DateTimeField):
        return _instants(column)
    if pa.types.is_floating(column.type):
        column = pc.if_else(pc.is_nan(column), None, column)
    plain = column.cast(_plain_type(field))
    if isinstance(field, models.DateField):
        return plain.cast(pa.string())
    if field.max_length and _is_text(field):
        _check_length(field, plain)
    return plain


def _plain_type(field: models.Field[Any, Any]) -> pa.DataType:
    for kind, plain in (
        (models.BooleanField, pa.bool_()),
        (models.FloatField, pa.float64()),
        (models.DateTimeField, pa.string()),
        (models.DateField, pa.date32()),
        (models.IntegerField | models.ForeignKey, pa.int64()),
    ):
        if isinstance(field, kind):
            return plain
    return pa.string()


def _instants(column: pa.Array) -> pa.Array:
    """Return instants as the text that Django writes: the fraction only where there is one."""
    zone = "+00" if connection.vendor == "postgresql" else ""
    micros = column.cast(pa.timestamp("us"))
    seconds = pc.floor_temporal(micros, unit="second")
    whole = seconds.cast(pa.timestamp("s")).cast(pa.string())
    if not pc.all(pc.equal(micros, seconds)).as_py() and micros.null_count < len(micros):
        whole = pc.if_else(pc.equal(micros, seconds), whole, micros.cast(pa.string()))
    return pc.binary_join_element_wise(whole, pa.scalar(zone), "") if zone else whole


def _documents(column: pa.Array) -> pa.Array:
    if not pa.types.is_nested(column.type):
        return column.cast(pa.string())
    texts = [None if value is None else json.dumps(value) for value in column.to_pylist()]
    return pa.array(texts, type=pa.string())


def _check_length(field: models.Field[Any, Any], texts: pa.Array) -> None:
    longest = pc.max(pc.utf8_length(texts)).as_py()
    if longest is not None and field.max_length is not None and longest > field.max_length:
        where = f"{field.model._meta.db_table}.{field.column}"
        raise ValueError(f"{where} holds {longest} characters, over {field.max_length}")


def _as_csv(columns: list[pa.Array]) -> bytes:
    """Return columns as CSV: null is nothing, an empty text is quoted."""
    table = pa.Table.from_arrays(columns, names=[str(number) for number in range(len(columns))])
    out = io.BytesIO()
    csv.write_csv(table, out, csv.WriteOptions(include_header=False))
    return out.getvalue()


def _number_on(model: type[models.Model]) -> None:
    """Let the database number the next row after the ids that were given."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(sql)


def _plain_indexes(table: str) -> list[tuple[str, str]]:
    if connection.vendor == "postgresql":
        source, named = "select indexname, indexdef from pg_indexes", "tablename"
        kept = "schemaname = current_schema()"
    else:
        source, named = "select name, sql from sqlite_master", "tbl_name"
        kept = "type = 'index' and sql is not null"
    with connection.cursor() as cursor:
        cursor.execute(f"{source} where {named} = %s and {kept}", [table])
        return [(name, sql) for name, sql in cursor.fetchall() if not sql.lower().startswith("create unique")]


def _check_constraints() -> None:
    """Have PostgreSQL check what it put off: indexes are not made while checks wait."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
