"""A condition of many ids that costs a query about the same however many there are.

``pk__in`` sends one parameter an id, in every query of a page: with a pool of thousands that is most
of the page's time. Here all of them are one parameter, which the database opens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Value
from django.db.models.sql.compiler import SQLCompiler


@dataclass(frozen=True)
class Ids:
    """Ids to look among; ``joined`` is how they are sent, made once for all the queries of a page."""

    ids: frozenset[int]
    joined: str

    @classmethod
    def of(cls, ids: Iterable[int]) -> Self:
        """Return these ids, made ready."""
        found = frozenset(ids)
        return cls(found, ",".join(map(str, sorted(found))))


class Among(Func):
    """Whether a column of ids holds one of many: ``rows.filter(Among(F("account"), ids))``."""

    output_field = BooleanField()

    def __init__(self, column: F, ids: Ids) -> None:
        super().__init__(column, Value(ids.joined))

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """Return the condition for SQLite."""
        opening = " IN (SELECT value FROM json_each('[' || "
        return self.as_sql(
            compiler, connection, template="%(expressions)s || ']'))", arg_joiner=opening, **more
        )

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **more: Any) -> Any:
        """Return the condition for PostgreSQL."""
        opening = " = ANY(string_to_array("
        closing = "%(expressions)s, ',')::bigint[])"
        return self.as_sql(compiler, connection, template=closing, arg_joiner=opening, **more)
