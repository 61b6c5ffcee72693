"""What a week's run keeps of the team's pace: what waits for leaders, what came of what they did."""

from __future__ import annotations

from dataclasses import replace

from evenbook.frames.session import Session
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before
from evenbook.throughput.actions.outcomes import keep_outcomes
from evenbook.throughput.actions.waiting import keep_waiting


def store(session: Session, keeping: Keeping) -> int:
    """Keep what the newest week says of people's pace; return how many rows were not there before."""
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_on_or_before(keeper, keeping.as_of)
    if run is None or run.id != keeping.run or not is_newest(keeping.as_of):
        return 0
    shown = Week(run, in_force(run.as_of).policy)
    return keep_waiting(session, keeper, shown) + keep_outcomes(keeper, shown)
