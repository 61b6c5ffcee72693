"""Handing a run's answers to the slices that keep them, within one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evenbook.capacity import actions as capacity
from evenbook.closures import actions as closures
from evenbook.frames.session import Session
from evenbook.hotsheet import actions as hotsheet
from evenbook.measures import actions as measures
from evenbook.runs.actions import StoredRun, days_stored
from evenbook.signals import actions as signals
from evenbook.site.registry import catalogue
from evenbook.states import actions as states

TABLES = ("effort_as_of", "standing_as_of", "signal_as_of", "requirement_as_of", "hot_sheet", "load_as_of")
"""The tables whose rows make up a run's fingerprint."""


def store(session: Session, run: StoredRun, *, days: Sequence[date], earlier: StoredRun | None) -> None:
    """Store what a run found as of its day, and the values of measures of the weeks before it.

    Args:
        session: holds the tables of all steps.
        run: the open run; its day is the last of ``days``.
        days: the days whose measures are kept: those no run of their own was stored for, and its own.
        earlier: the run that screens read before this one, if any.
    """
    number, as_of = run.id, run.as_of
    stored = days_stored(days)
    wanted = [day for day in days if day == as_of or day not in stored]
    measures.store(session, [card.name for card in catalogue().cards], run=number, days=wanted)
    signals.store(session, run=number, as_of=as_of)
    states.store(
        session,
        run=number,
        as_of=as_of,
        policy_version=run.policy_version,
        after=earlier.as_of if earlier else date.min,
    )
    capacity.store(session, run=number, as_of=as_of)
    closures.store(session, run=number, as_of=as_of)
    hotsheet.store(session, run=number, as_of=as_of, before=earlier.id if earlier else None)
