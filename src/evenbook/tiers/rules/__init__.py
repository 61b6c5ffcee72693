"""Which tier serves each account as of a set of days, which no longer fits, and what keeps it from moving."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STREAK = {
    "as_of": "DATE",
    "account": "BIGINT",
    "tier": "BIGINT",
    "side": "INTEGER",
    "toward": "BIGINT",
    "since_on": "DATE",
    "red_on": "DATE",
    "unsettled_on": "DATE",
}

STEPS = (
    sql_step("evenbook.tiers", "tier_border"),
    sql_step("evenbook.tiers", "tier_as_of"),
    sql_step("evenbook.tiers", "tier_streak", carried=STREAK),
    *(sql_step("evenbook.tiers", name) for name in ("tier_move", "tier_hindrance", "tier_share")),
)
