"""What was done with each account, as of a set of days."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = tuple(
    sql_step("evenbook.records", name)
    for name in ("heard", "first_heard", "recent_talk", "touch_as_of", "stakeholder_as_of", "follow_up_as_of")
)
