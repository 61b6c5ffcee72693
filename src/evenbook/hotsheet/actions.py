"""Keeping the hot sheet that a run drew up, and what changed on it since the one before."""

from __future__ import annotations

from datetime import date

import pyarrow as pa

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.hotsheet.models import HotRow
from evenbook.hotsheet.rules.change import what_changed

FOUND = """
select
  $run as run_id, account as account_id, person as person_id, pool as pool_id, place as rank, points,
  arr_cents, expected_cents, cast(reasons as VARCHAR) as reasons, play
from hot_sheet
where as_of = $as_of
order by place
"""


def store(session: Session, *, run: int, as_of: date, before: int | None) -> int:
    """Store the sheet of the run's day; return its length.

    Args:
        session: holds ``hot_sheet``.
        run: the run it belongs to.
        as_of: the run's day.
        before: the run of the sheet before, or None for the first.
    """
    rows = session.rows(FOUND, {"run": run, "as_of": as_of})
    earlier = {
        account: (rank, points)
        for account, rank, points in HotRow.objects.filter(run=before).values_list(
            "account_id", "rank", "points"
        )
    }
    changes = [
        what_changed(now, earlier, is_first=before is None)
        for now in rows.select(["account_id", "rank", "points"]).to_pylist()
    ]
    return bulk.insert("hotsheet_hotrow", rows.append_column("change", pa.array(changes, pa.string())))
