"""What people said of tiers, as rules see it: locks, and proposals that were declined."""

from __future__ import annotations

from evenbook.book.tables import ACCOUNT
from evenbook.frames.table import Table

_SPAN = {"visible_at": "TIMESTAMP", "hidden_at": "TIMESTAMP"}

TABLES = (
    Table(
        name="tier_lock",
        select=(
            f"select {ACCOUNT} as account, f.set_at as visible_at, f.withdrawn_at as hidden_at "
            "from tiers_mark f join book_account a on a.id = f.account_id where f.kind = 'lock'"
        ),
        columns={"account": "BIGINT", **_SPAN},
        written=("tiers_mark", "book_account"),
    ),
    Table(
        name="tier_decline",
        select=(
            f"select {ACCOUNT} as account, f.to_tier, f.grounds, f.arr_cents, f.decided_at as visible_at, "
            "f.taken_back_at as hidden_at "
            "from tiers_ruling f join book_account a on a.id = f.account_id where f.choice = 'declined'"
        ),
        columns={
            "account": "BIGINT",
            "to_tier": "BIGINT",
            "grounds": "VARCHAR",
            "arr_cents": "BIGINT",
            **_SPAN,
        },
        written=("tiers_ruling", "book_account"),
    ),
)
