"""Openings as rules see them: one row for each thing that became of one."""

from __future__ import annotations

from evenbook.book.tables import ACCOUNT
from evenbook.frames.table import Table

TABLES = (
    Table(
        name="opening_event",
        select=(
            f"select {ACCOUNT} as account, f.opening_id as opening, f.kind, o.product, f.at as happened_at, "
            "f.at as visible_at from expansion_openingevent f "
            "join expansion_opening o on o.id = f.opening_id join book_account a on a.id = o.account_id"
        ),
        columns={
            "account": "BIGINT",
            "opening": "BIGINT",
            "kind": "VARCHAR",
            "product": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
        },
        written=("expansion_openingevent", "expansion_opening", "book_account"),
    ),
)
