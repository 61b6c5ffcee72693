"""Keeping the loops and the coverage that a run found."""

from __future__ import annotations

from dataclasses import replace

from evenbook.book.queries import staff
from evenbook.closures.actions.auditing import keep_audit, tell_of_audit
from evenbook.closures.actions.deriving import keep_loops
from evenbook.closures.actions.pools import tell_of_pools
from evenbook.closures.actions.warning import keep_warnings
from evenbook.closures.queries.closing_weeks import closings
from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before

COVERAGE = ("requirement_as_of",)
"""The tables that coverage of a day is read from."""

KEPT = (*COVERAGE, "loop", "loop_open")
"""The tables whose rows of the run's day are kept; of what is open, all."""

FOUND = """
select
  $run as run_id, account as account_id, kind, status, falls_on as "on", artifact as artifact_id
from requirement_as_of
where as_of = $as_of
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store each requirement of each account as of the run's day, what changed of loops, who is warned."""
    return store_coverage(session, keeping) + keep_loops(session, keeping) + _look_at(keeping)


def _look_at(keeping: Keeping) -> int:
    """Keep what the run says of the team: its audit, and as of the newest day who is warned."""
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_on_or_before(keeper, keeping.as_of)
    if run is None or run.id != keeping.run:
        return 0
    shown = Week(run, in_force(run.as_of).policy)
    found = closings(keeper, shown, [each.id for each in staff(keeper) if each.is_person])
    keep_audit(keeper, shown, found)
    if not is_newest(keeping.as_of):
        return 1
    kept = keep_warnings(shown, found)
    tell_of_audit(shown)
    tell_of_pools(shown)
    return 1 + kept


def store_coverage(session: Session, keeping: Keeping) -> int:
    """Store each requirement of each account as of the run's day; return how many rows."""
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    return bulk.insert("closures_requirement", session.stream(FOUND, asked))
