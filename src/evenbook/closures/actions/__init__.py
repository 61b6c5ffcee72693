"""Keeping the loops and the coverage that a run found."""

from __future__ import annotations

from evenbook.closures.actions.deriving import keep_loops
from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping

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
    """Store each requirement of each account as of the run's day, and what changed of loops."""
    return store_coverage(session, keeping) + keep_loops(session, keeping)


def store_coverage(session: Session, keeping: Keeping) -> int:
    """Store each requirement of each account as of the run's day; return how many rows."""
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    return bulk.insert("closures_requirement", session.stream(FOUND, asked))
