"""Keeping the hot sheet that a run drew up, and what changed on it since the one before."""

from __future__ import annotations

import pyarrow as pa

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.hotsheet.actions.cases import keep_cases
from evenbook.hotsheet.actions.mails import tell_of_the_sheet
from evenbook.hotsheet.models import HotRow
from evenbook.hotsheet.rules.change import what_changed
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before

KEPT = ("hot_sheet", "hot_work")
"""The tables whose rows of the run's day are kept."""

FOUND = """
select
  $run as run_id, account as account_id, person as person_id, pool as pool_id, place as rank, points,
  arr_cents, expected_cents, cast(reasons as VARCHAR) as reasons, play, coalesce(w.overflow, '') as overflow
from hot_sheet
join hot_work w using (as_of, account)
where as_of = $as_of
order by place
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store the sheet of the run's day, with what changed since the one before; return its length."""
    rows = session.rows(FOUND, {"run": keeping.run, "as_of": keeping.as_of})
    earlier = {
        account: (rank, points)
        for account, rank, points in HotRow.objects.filter(run=keeping.before).values_list(
            "account_id", "rank", "points"
        )
    }
    changes = [
        what_changed(now, earlier, is_first=keeping.before is None)
        for now in rows.select(["account_id", "rank", "points"]).to_pylist()
    ]
    stored = bulk.insert("hotsheet_hotrow", rows.append_column("change", pa.array(changes, pa.string())))
    keep_cases(session, keeping)
    _tell(keeping)
    return stored


def _tell(keeping: Keeping) -> None:
    """Mail the sheet where it is the newest."""
    run = week_on_or_before(SYSTEM, keeping.as_of)
    if run is not None and run.id == keeping.run and is_newest(keeping.as_of):
        tell_of_the_sheet(Week(run, in_force(run.as_of).policy))
