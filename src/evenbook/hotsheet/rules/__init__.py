"""The Monday list: which accounts are most at risk now, and why."""

from __future__ import annotations

from evenbook.frames.step import sql_step

STEPS = tuple(
    sql_step("evenbook.hotsheet", name)
    for name in ("hot_point", "hot_rank", "hot_free", "hot_work", "hot_sheet")
)

WEEKLY = tuple(sql_step("evenbook.hotsheet", name) for name in ("replay_listed", "replay_point"))
"""What a replay reads of every past day; no weekly run has them."""
LOSSES = sql_step("evenbook.hotsheet", "replay_loss")
"""What it reads of the last day."""
OF_WORK = (LOSSES, sql_step("evenbook.hotsheet", "hot_fact"))
"""What a run reads of the work that is open, given `hot_open`: `account` and `began_on`."""
APART = (*WEEKLY, *OF_WORK)
