"""Handing a run's answers to the slices that keep them, within one transaction.

Which slices those are, and which tables they keep, the registry says.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping, StoredRun, days_stored
from evenbook.site import registry


def store(
    session: Session,
    run: StoredRun,
    *,
    days: Sequence[date],
    earlier: StoredRun | None,
    every_change: bool = False,
) -> None:
    """Store what a run found as of its day, and the values of measures of the weeks before it.

    Args:
        session: holds the tables of all steps.
        run: the open run; its day is the last of ``days``.
        days: the days whose measures are kept: those no run of their own was stored for, and its own.
        earlier: the run that screens read before this one, if any.
        every_change: keep all changes of state up to the day, not those since the earlier run alone.
    """
    stored = days_stored(days)
    keeping = Keeping(
        run=run.id,
        as_of=run.as_of,
        policy_version=run.policy_version,
        measures=registry.measures(),
        days=tuple(day for day in days if day == run.as_of or day not in stored),
        changed_after=earlier.as_of if earlier and not every_change else date.min,
        before=earlier.id if earlier else None,
    )
    for keeper in registry.keepers():
        keeper.store(session, keeping)
