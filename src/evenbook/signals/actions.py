"""Keeping the signals that a run found."""

from __future__ import annotations

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping

KEPT = ("signal_as_of",)
"""The tables whose rows of the run's day are kept."""

FOUND = """
select
  $run as run_id, account as account_id, kind, observed_at, detected_on, strength,
  cast(evidence as VARCHAR) as evidence
from signal_as_of
where as_of = $as_of
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store the signals that stand as of the run's day; return how many."""
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    return bulk.insert("signals_signal", session.stream(FOUND, asked))
