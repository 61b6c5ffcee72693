"""One rule of the weekly run: what it reads, what it writes, and how.

A step is either SQL (one query over tables named in ``reads``) or a function from Arrow tables
to Arrow tables. Both are pure: the same tables and the same numbers give the same rows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

Numbers = Mapping[str, Any]
"""The organisation's numbers, flat: ``capacity_monthly_hours`` to 120."""

if TYPE_CHECKING:
    import pyarrow as pa

    Rule = Callable[[Mapping[str, pa.Table], Numbers], Mapping[str, pa.Table]]

_PARAMETER = re.compile(r"\$([a-z_][a-z0-9_]*)")
_COMMENT = re.compile(r"--[^\n]*")
_NAMED = re.compile(r"\b(?:from|join)\s+([a-z_][a-z0-9_]*)", re.IGNORECASE)
_CTE = re.compile(
    r"(?:\bwith|,)\s+(?:recursive\s+)?([a-z_][a-z0-9_]*)(?:\s*\([^)]*\))?\s+as\s+(?:materialized\s+)?\(",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Step:
    """A named rule: it writes the table ``writes`` from the tables in ``reads``.

    A function may write more tables than one; ``also`` names the others. ``carried`` are the columns of
    what it writes, where a run leaves that for the next, which reads it as ``<writes>_carry``.
    """

    writes: str
    reads: tuple[str, ...]
    sql: str | None = None
    rule: Rule | None = None
    also: tuple[str, ...] = ()
    carried: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        if (self.sql is None) == (self.rule is None):
            raise ValueError(f"{self.writes}: a step is SQL or a function, not both")


def tables_read(sql: str) -> tuple[str, ...]:
    """Return the tables that a query names after ``from`` and ``join``, without its own CTEs."""
    text = _COMMENT.sub("", sql)
    own = {name.lower() for name in _CTE.findall(text)}
    named = dict.fromkeys(name.lower() for name in _NAMED.findall(text))
    return tuple(name for name in named if name not in own and name not in {"unnest", "range", "lateral"})


def parameters(sql: str) -> tuple[str, ...]:
    """Return the ``$names`` that a query asks for, once each."""
    return tuple(dict.fromkeys(_PARAMETER.findall(_COMMENT.sub("", sql))))


def sql_step(package: str, name: str, *, carried: Mapping[str, str] | None = None) -> Step:
    """Return the step that stands in ``<package>/rules/<name>.sql`` and writes ``name``."""
    sql = read_sql(package, name)
    return Step(writes=name, reads=tables_read(sql), sql=sql, carried=carried)


def read_sql(package: str, name: str) -> str:
    """Return the text of ``<package>/rules/<name>.sql``."""
    return resources.files(package).joinpath("rules", f"{name}.sql").read_text(encoding="utf-8")


def rule_step(writes: str, reads: tuple[str, ...], rule: Rule, *, also: tuple[str, ...] = ()) -> Step:
    """Return a step that calls a pure function with the tables it reads; it returns those it writes."""
    return Step(writes=writes, reads=reads, rule=rule, also=also)
