"""Which tier serves each account, as of a set of days."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = (sql_step("evenbook.tiers", "tier_as_of"),)
