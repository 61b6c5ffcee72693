"""The Monday list: which accounts are most at risk now, and why."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = tuple(sql_step("evenbook.hotsheet", name) for name in ("hot_point", "hot_sheet"))
