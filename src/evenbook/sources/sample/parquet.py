"""The sample company straight as the tables that rules read, as Parquet files, without a database.

For benchmarks and for tests of rules at scale. The rows are those that an instance loaded with the
same sample would give: the same selects run, only over the pieces instead of over a database.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pyarrow as pa

from evenbook.book.tables import TABLES as BOOK_TABLES
from evenbook.frames.layout import FrameWriter
from evenbook.frames.session import Session, empty
from evenbook.frames.table import Table
from evenbook.records.tables import TABLES as RECORDS_TABLES
from evenbook.sources.sample.axis import Axis
from evenbook.sources.sample.company import pieces
from evenbook.sources.sample.world import make

TOLD = (*BOOK_TABLES, *RECORDS_TABLES)
"""The tables that the story may fill."""

SHOWN: dict[str, list[Table]] = {}
for _table in TOLD:
    SHOWN.setdefault(_table.written[0], []).append(_table)


def write_frames(
    folder: Path,
    *,
    as_of: date,
    accounts: int = 320,
    csms: int | None = None,
    seed: int = 1,
    years: int = 2,
    tables: Sequence[Table] = TOLD,
) -> dict[str, int]:
    """Write ``<folder>/<table>.parquet`` for every table, and return the number of rows of each.

    Args:
        folder: made if need be; files in it are written over.
        as_of: the day on which the story is now.
        accounts: how many.
        csms: how many; None is one for 40 accounts.
        seed: of all chance.
        years: of weekly history.
        tables: those that rules see; where the story has no row, none is written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    world = make(seed, Axis(as_of, years), accounts=accounts, csms=csms)
    written: dict[str, int] = {}
    with Session(threads=1) as session, ExitStack() as files:
        writers: dict[str, FrameWriter] = {}
        for name, rows in pieces(world):
            session.hold(name, rows)
            for table in SHOWN.get(name, ()):
                shown = session.rows(_typed(table))
                if table.name not in writers:
                    writers[table.name] = files.enter_context(_writer(folder, table, shown))
                for batch in shown.to_batches():
                    writers[table.name].write(batch)
                written[table.name] = written.get(table.name, 0) + shown.num_rows
        for table in tables:
            if table.name not in written:
                files.enter_context(_writer(folder, table, empty(table.columns)))
                written[table.name] = 0
    return written


def _writer(folder: Path, table: Table, shown: pa.Table) -> FrameWriter:
    return FrameWriter(folder / f"{table.name}.parquet", shown.schema)


def _typed(table: Table) -> str:
    chosen = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in table.columns.items())
    return f"select {chosen} from ({table.select})"
