"""Rows of the as-of tables, for tests of rules that read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from evenbook.frames.session import Session, empty, from_rows

ACCOUNT_AS_OF = {
    "as_of": "DATE",
    "ends_at": "TIMESTAMP",
    "account": "BIGINT",
    "person": "BIGINT",
    "pool": "BIGINT",
    "owner_since": "TIMESTAMP",
    "started_at": "TIMESTAMP",
    "tier_since": "TIMESTAMP",
    "tier": "BIGINT",
    "segment": "VARCHAR",
    "stage": "VARCHAR",
    "region": "VARCHAR",
    "industry": "VARCHAR",
    "products": "BIGINT",
    "complexity": "BIGINT",
    "regulated": "BOOLEAN",
    "strategic": "BOOLEAN",
    "seats": "BIGINT",
    "churned_at": "TIMESTAMP",
    "arr_cents": "BIGINT",
    "renews_on": "DATE",
    "active": "BOOLEAN",
}
"""What ``book.rules`` writes of each account and day."""

KINDS = {bool: "BOOLEAN", int: "BIGINT", float: "DOUBLE", str: "VARCHAR", datetime: "TIMESTAMP", date: "DATE"}


def hold(session: Session, name: str, rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    """Register rows under ``name``; columns that a row leaves out are null."""
    full = [{column: row.get(column) for column in columns} for row in rows]
    session.hold(name, from_rows(full, columns) if full else empty(columns))


def hold_accounts(session: Session, *rows: Mapping[str, Any]) -> None:
    """Register ``account_as_of``: each row on every day of ``weeks``, or on its own ``as_of`` alone.

    An account is active, started in 2020 and is neither regulated nor strategic unless it says so.
    """
    usual = {"active": True, "regulated": False, "strategic": False, "started_at": datetime(2020, 1, 1)}
    weeks = session.table("weeks").to_pylist()
    full = [
        {**usual, **row, "as_of": week["as_of"], "ends_at": week["ends_at"]}
        for week in weeks
        for row in rows
        if row.get("as_of", week["as_of"]) == week["as_of"]
    ]
    hold(session, "account_as_of", full, ACCOUNT_AS_OF)


def answers(session: Session, table: str, *, order: str = "as_of, account") -> list[dict[str, Any]]:
    """Return all rows of a table in order."""
    return session.rows(f"select * from {table} order by {order}").to_pylist()
