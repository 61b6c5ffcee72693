"""What a week's run keeps of the team's pace: what waits for leaders, what came of what they did.

Figures of single people are kept for the months of policy and go with the run after.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from evenbook.capacity.actions.calibration import forget_effects
from evenbook.capacity.numbers import CapacityNumbers
from evenbook.frames.session import Session
from evenbook.kit.dates import months_before
from evenbook.measures.actions import forget_people
from evenbook.people.viewer import SYSTEM
from evenbook.policy.queries import in_force
from evenbook.policy.schema import Policy
from evenbook.runs.actions import Keeping, is_newest
from evenbook.runs.queries import Week, week_on_or_before
from evenbook.throughput.actions.monthly import tell_of_the_month
from evenbook.throughput.actions.outcomes import keep_outcomes
from evenbook.throughput.actions.pulse import forget_pulses
from evenbook.throughput.actions.waiting import keep_waiting


def store(session: Session, keeping: Keeping) -> int:
    """Keep what the newest week says of people's pace; return how many rows were not there before."""
    keeper = replace(SYSTEM, worked_out={})  # who is in the team may have changed since the last run
    run = week_on_or_before(keeper, keeping.as_of)
    if run is None or run.id != keeping.run or not is_newest(keeping.as_of):
        return 0
    shown = Week(run, in_force(run.as_of).policy)
    stored = keep_waiting(session, keeper, shown) + keep_outcomes(keeper, shown)
    tell_of_the_month(shown)
    kept_from = people_kept_from(run.as_of, shown.policy)
    for forget in (forget_people, forget_effects, forget_pulses):
        forget(kept_from)
    return stored


def people_kept_from(day: date, policy: Policy) -> date:
    """Return the first day of which figures of single people are kept: the months of policy before a day."""
    return months_before(day, policy.of(CapacityNumbers).person_months)
