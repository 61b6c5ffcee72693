"""What a caller says about one of its tables so that rules can read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KINDS = ("BIGINT", "VARCHAR", "DOUBLE", "BOOLEAN", "TIMESTAMP", "DATE")
"""The column types that rules see. Instants are UTC without a zone."""


@dataclass(frozen=True)
class Table:
    """A table of the application database, as rules see it.

    Args:
        name: the name in rules, a noun in the singular: ``interaction``.
        select: a portable ``select`` over the application database; its columns stand in the
            order of ``columns``.
        columns: column name to one of ``KINDS``.
        written: database tables whose version makes this one stale.
    """

    name: str
    select: str
    columns: Mapping[str, str]
    written: tuple[str, ...]

    def __post_init__(self) -> None:
        unknown = set(self.columns.values()) - set(KINDS)
        if unknown:
            raise ValueError(f"{self.name}: no such column type: {sorted(unknown)}")
