"""Keeping the coverage that a run found."""

from __future__ import annotations

from datetime import date

from evenbook.frames import bulk
from evenbook.frames.session import Session

FOUND = """
select
  $run as run_id, account as account_id, kind, status, falls_on as "on",
  coalesce(artifact, '') as artifact_id_text
from requirement_as_of
where as_of = $as_of
"""


def store(session: Session, *, run: int, as_of: date) -> int:
    """Store each requirement of each account as of the run's day; return how many rows."""
    return bulk.insert("closures_requirement", session.rows(FOUND, {"run": run, "as_of": as_of}))
