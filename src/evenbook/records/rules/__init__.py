"""What was done with each account, as of a set of days."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = tuple(
    sql_step("evenbook.records", name) for name in ("meaningful", "touch_as_of", "stakeholder_as_of")
)
