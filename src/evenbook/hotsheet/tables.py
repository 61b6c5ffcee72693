"""What people said by hand of the work on the sheet, as rules see it."""

from __future__ import annotations

from evenbook.book.tables import ACCOUNT
from evenbook.frames.table import Table

MARKS = "hotsheet_hotmark"

TABLES = (
    Table(
        name="hot_mark",
        select=(
            f"select {ACCOUNT} as account, m.kind, m.at as happened_at, m.at as visible_at, "
            f"m.taken_back_at as hidden_at from {MARKS} m "
            "join hotsheet_hotcase c on c.id = m.case_id join book_account a on a.id = c.account_id"
        ),
        columns={
            "account": "BIGINT",
            "kind": "VARCHAR",
            "happened_at": "TIMESTAMP",
            "visible_at": "TIMESTAMP",
            "hidden_at": "TIMESTAMP",
        },
        written=(MARKS, "hotsheet_hotcase", "book_account"),
    ),
)
