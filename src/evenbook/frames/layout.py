"""The Parquet files of frames: a stretch of rows at a time lies by when its rows could be seen.

So a rule that asks for what could be seen since last week, or for the last quarter, leaves out the
groups of rows before it. Rows stay in stretches, so that writing holds no table whole.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as parquet

GROUP = 65_536
"""Rows of a group: what the engine reads or leaves out at once."""

STRETCH = 16 * GROUP
"""Rows that are put in order at once."""

ORDER = "visible_at"


class FrameWriter:
    """Writes batches of one table into a file; leaving the block closes it."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self._writer = parquet.ParquetWriter(path, schema, compression="zstd")
        self._schema = schema
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._put()
        finally:
            self._writer.close()

    def write(self, batch: pa.RecordBatch) -> None:
        """Take one batch in; its columns must be those of the schema, in any type that can be cast."""
        self._waiting.append(batch.cast(self._schema))
        self._rows += batch.num_rows
        if self._rows >= STRETCH:
            self._put()

    def _put(self) -> None:
        rows = pa.Table.from_batches(self._waiting, self._schema)
        ordered = rows.sort_by(ORDER) if ORDER in self._schema.names else rows
        self._writer.write_table(ordered, row_group_size=GROUP)
        self._waiting.clear()
        self._rows = 0
