"""Keeping where each account stands, and the transitions that brought it there."""

from __future__ import annotations

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping

KEPT = ("standing_as_of", "standing_terms")
"""The tables whose rows of the run's day are kept; transitions beside them."""

STANDINGS = """
select
  $run as run_id, s.account as account_id, s.state, s.since_on, s.score, s.color,
  coalesce(t.terms, '[]') as terms
from standing_as_of s
left join standing_terms t on t.as_of = s.as_of and t.account = s.account
where s.as_of = $as_of
"""

TRANSITIONS = """
select
  $run as run_id, account as account_id, happened_on as "on", from_state, to_state,
  cast(causes as VARCHAR) as causes, $policy_version as policy_version
from transition
where happened_on > $after and happened_on <= $as_of
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store standings as of the run's day and the transitions that belong to it; return how many rows."""
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    standings = bulk.insert("states_standing", session.stream(STANDINGS, asked))
    later = {**asked, "policy_version": keeping.policy_version, "after": keeping.changed_after}
    return standings + bulk.insert("states_transition", session.stream(TRANSITIONS, later))
