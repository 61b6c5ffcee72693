"""Keeping the signals that a run found."""

from __future__ import annotations

from datetime import date

from evenbook.frames import bulk
from evenbook.frames.session import Session

FOUND = """
select
  $run as run_id, account as account_id, kind, observed_at, detected_on, strength,
  cast(evidence as VARCHAR) as evidence
from signal_as_of
where as_of = $as_of
"""


def store(session: Session, *, run: int, as_of: date) -> int:
    """Store the signals that stand as of the run's day; return how many."""
    return bulk.insert("signals_signal", session.rows(FOUND, {"run": run, "as_of": as_of}))
