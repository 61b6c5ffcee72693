"""An in-memory column engine that holds tables and runs steps over them.

Nothing else in the product opens the engine. A session has no network and no clock, and what is not
registered cannot be read. Past its memory it works in a folder of its own, which goes with it.
"""

from __future__ import annotations

import tempfile
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
import pyarrow as pa

from evenbook.frames.step import Numbers, Step, parameters
from evenbook.kit.errors import EvenbookError

STREAMED = 10_000
"""Rows of a streamed answer that are held at once."""

_PARSED: dict[str, duckdb.Statement] = {}
"""What the steps' texts were read into, which any engine takes."""


class UnknownNumber(EvenbookError):
    """A query asks for a number that the policy does not have."""

    kind = "unknown-number"


class OutOfMemory(EvenbookError):
    """A step needs more memory than the engine may use, and could not work on disk."""

    kind = "out-of-memory"
    status = 500


class _Listening(Mapping[str, Any]):
    """Numbers that note which of them somebody asks for."""

    def __init__(self, numbers: Numbers, heard: set[str]) -> None:
        self._numbers, self._heard = numbers, heard

    def __getitem__(self, name: str) -> Any:
        self._heard.add(name)
        return self._numbers[name]

    def __iter__(self) -> Iterator[str]:
        self._heard.update(self._numbers)
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)


class Session:
    """Named tables and the steps run over them.

    Args:
        numbers: the organisation's numbers that queries may ask for as ``$name``.
        threads: how many cores the engine may use.
        memory: its ceiling, as the engine reads it: ``1GB``.
    """

    def __init__(self, numbers: Numbers | None = None, *, threads: int = 2, memory: str = "2GB") -> None:
        self._spill = tempfile.TemporaryDirectory(prefix="evenbook-")
        self._engine = duckdb.connect(
            ":memory:",
            config={
                "threads": threads,
                "memory_limit": memory,
                "preserve_insertion_order": False,
                "temp_directory": self._spill.name,
                "block_allocator_memory": memory,
            },
        )
        self._engine.execute(
            "set autoinstall_known_extensions = false; set autoload_known_extensions = false; "
            "set enable_progress_bar = false"  # it would stand in what a program prints
        )
        # One as-of day looks small to the planner, which then joins facts to it in a nested loop:
        # 10 s instead of 0.1 s.
        self._engine.execute("set asof_loop_join_threshold = 0")
        self._numbers = dict(numbers or {})
        self.heard: dict[str, set[str]] = {}
        """By function that has run, the numbers that it has asked for so far."""
        self._cut: dict[str, str] = {}  # where the rows of a cut table come from
        self._written: dict[str, bool] = {}  # by steps; whether it is held as Arrow

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the engine and all it holds."""
        self._engine.close()
        self._spill.cleanup()

    def use_cores(self, cores: int) -> None:
        """Work on so many cores from here on."""
        self._engine.execute(f"set threads = {int(cores)}")

    def tell(self, **numbers: Any) -> None:
        """Let queries ask for these values as well, in the place of any of the same name."""
        self._numbers.update(numbers)

    def hold(self, name: str, rows: pa.Table) -> None:
        """Register ``rows`` under ``name``."""
        self._engine.register(name, rows)

    def hold_file(self, name: str, *paths: Path, where: str = "") -> None:
        """Register Parquet files under ``name``; ``where`` keeps the rows that may be seen."""
        files = ", ".join(_quoted(path) for path in paths)
        self._show(name, f"read_parquet([{files}])", where)

    def hold_cut(self, name: str, rows: pa.Table, *, where: str = "") -> None:
        """Register the rows that ``where`` keeps under ``name``."""
        self._engine.register(f"{name}_whole", rows)
        self._show(name, f"{name}_whole", where)

    def _show(self, name: str, source: str, where: str) -> None:
        if where:
            self._cut[name] = source
        kept = f" where {where}" if where else ""
        self._engine.execute(f"create or replace view {name} as select * from {source}{kept}")

    def cut(self, where: str) -> None:
        """Let ``where`` say which rows may be seen, of every table that was registered with some cut."""
        for name, source in self._cut.items():
            self._show(name, source, where)

    def replace(self, name: str, rows: pa.Table) -> None:
        """Put ``rows`` in the place of a table that a step wrote."""
        self._engine.execute(f"drop table if exists {name}")
        self.hold(name, rows)

    def run(self, step: Step) -> None:
        """Run one step and keep what it writes as a table.

        Raises:
            OutOfMemory: the engine's ceiling is too low for the step.
        """
        if step.sql is not None:
            self._write(step.writes, step.sql)
            return
        assert step.rule is not None
        given = {name: self.table(name) for name in step.reads}
        numbers = _Listening(self._numbers, self.heard.setdefault(step.writes, set()))
        written = step.rule(given, numbers)
        for name in (step.writes, *step.also):
            self.hold(name, written[name])
            self._written[name] = True
        del given, written
        pa.default_memory_pool().release_unused()  # else it keeps what the rule worked with

    def _write(self, name: str, sql: str) -> None:
        try:
            self._engine.execute(self._parsed(f"create or replace table {name} as {sql}"), self._asked(sql))
        except duckdb.OutOfMemoryException as error:
            raise OutOfMemory(
                f"Working out {name} needs more memory than there is.",
                fix="Give the machine more memory, or run fewer weeks at once.",
            ) from error
        self._written[name] = False

    def _parsed(self, sql: str) -> duckdb.Statement:
        """Return a statement, read once in a process: of a small week, an eighth is reading rules."""
        if sql not in _PARSED:
            _PARSED[sql] = self._engine.extract_statements(sql)[0]
        return _PARSED[sql]

    def run_all(self, steps: Iterable[Step], *, keep: Container[str] | None = None) -> None:
        """Run steps in the order given.

        Args:
            steps: what to run.
            keep: the tables that are still wanted afterwards; every other one is let go as soon as
                no later step reads it. None keeps all.
        """
        waiting = list(steps)
        for place, step in enumerate(waiting):
            self.run(step)
            if keep is not None:
                later = {name for after in waiting[place + 1 :] for name in after.reads}
                self._let_go([name for name in self._written if name not in later and name not in keep])

    def _let_go(self, names: Iterable[str]) -> None:
        for name in names:
            if self._written.pop(name):
                self._engine.unregister(name)
            else:
                self._engine.execute(f"drop table if exists {name}")

    def rows(self, sql: str, numbers: Mapping[str, Any] | None = None) -> pa.Table:
        """Return the answer to a query over the tables held."""
        return self._engine.sql(sql, params=self._asked(sql, numbers)).to_arrow_table()

    def stream(self, sql: str, numbers: Mapping[str, Any] | None = None) -> pa.RecordBatchReader:
        """Return the answer to a query in batches, made as they are read; ask nothing else meanwhile."""
        return self._engine.sql(sql, params=self._asked(sql, numbers)).to_arrow_reader(STREAMED)

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(self._engine.sql(f"select * from {name} limit 0").columns)

    def table(self, name: str) -> pa.Table:
        """Return a whole table."""
        return self.rows(f"select * from {name}")

    def save(self, query: str, path: Path, *, small: bool = True) -> None:
        """Write the answer to a query to a Parquet file; not ``small``: quicker, and larger by a third."""
        compression = "zstd" if small else "snappy"
        self._engine.execute(f"copy ({query}) to {_quoted(path)} (format parquet, compression {compression})")

    def _asked(self, sql: str, numbers: Mapping[str, Any] | None = None) -> dict[str, Any]:
        known = {**self._numbers, **(numbers or {})}
        asked = parameters(sql)
        missing = [name for name in asked if name not in known]
        if missing:
            raise UnknownNumber(
                f"A rule asks for numbers that the policy does not have: {', '.join(missing)}.",
                fix="Add them to the numbers of the rule's slice, or mend the name in the query.",
            )
        return {name: known[name] for name in asked}


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


_ARROW = {
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "VARCHAR": pa.string(),
    "DOUBLE": pa.float64(),
    "BOOLEAN": pa.bool_(),
    "TIMESTAMP": pa.timestamp("us"),
    "DATE": pa.date32(),
}


def empty(columns: Mapping[str, str]) -> pa.Table:
    """Return a table without rows whose columns have the engine types given."""
    return _schema(columns).empty_table()


def from_rows(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Return rows of plain values as a table of the column types given."""
    return pa.Table.from_pylist([dict(row) for row in rows], schema=_schema(columns))


def _schema(columns: Mapping[str, str]) -> pa.Schema:
    return pa.schema([(name, _ARROW[kind]) for name, kind in columns.items()])
