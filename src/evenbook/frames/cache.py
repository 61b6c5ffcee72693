"""Frames on disk, under the version of the data they were read from.

The cache may be deleted at any time. A file is named by its table, by how the table is asked for,
and by the last write to it; older files of the table go when a newer one is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from django.db import connection
from django.db.models import Max

from evenbook.frames.layout import FrameWriter
from evenbook.frames.models import Write
from evenbook.frames.reader import Driver, read
from evenbook.frames.session import empty
from evenbook.frames.table import Table
from evenbook.kit.files import written_whole


def version_of(table: Table) -> int:
    """Return the number of the last write to any database table that ``table`` is made of."""
    last = Write.objects.filter(table__in=table.written).aggregate(last=Max("pk"))["last"]
    return int(last or 0)


def file_of(table: Table, folder: Path, driver: Driver | None = None) -> Path:
    """Return a Parquet file with the rows of ``table`` as they are now, made if need be, over ``driver``."""
    asked = hashlib.sha256(f"{table.select}{dict(table.columns)}{_instance()}".encode()).hexdigest()[:12]
    wanted = folder / f"{table.name}-{asked}-{version_of(table)}.parquet"
    if not wanted.exists():
        _write(table, wanted, driver)
        _forget(folder.glob(f"{table.name}-{asked}-*.parquet"), keep=wanted)
    return wanted


def held(table: Table) -> pa.Table:
    """Return the rows of ``table`` as the open transaction sees them, past any cache."""
    batches = list(read(table))
    return pa.Table.from_batches(batches) if batches else _nothing(table)


def _write(table: Table, wanted: Path, driver: Driver | None) -> None:
    schema = _nothing(table).schema
    with written_whole(wanted) as part, FrameWriter(part, schema) as writer:
        for batch in read(table, driver):
            writer.write(batch)


def _nothing(table: Table) -> pa.Table:
    return empty(table.columns)


def _instance() -> str:
    return f"{connection.vendor}:{connection.settings_dict['NAME']}:{connection.settings_dict['HOST']}"


def _forget(files: Iterable[Path], *, keep: Path) -> None:
    for file in files:
        if file != keep:
            file.unlink(missing_ok=True)
