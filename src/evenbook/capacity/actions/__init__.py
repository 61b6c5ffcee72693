"""Keeping how each account stood in a run, the effort it took, and what roles took of it."""

from __future__ import annotations

from evenbook.frames import bulk
from evenbook.frames.session import Session
from evenbook.runs.actions import Keeping

KEPT = (
    "account_as_of",
    "effort_as_of",
    "effort_factors",
    "role_effort_as_of",
    "load_as_of",
    "monitoring_as_of",
    "tier_as_of",
)
"""The tables whose rows of the run's day are kept."""

FOUND = """
select
  $run as run_id,
  e.account as account_id,
  a.person as person_id,
  a.pool as pool_id,
  e.tier,
  t.assumed as tier_assumed,
  coalesce(a.segment, '') as segment,
  e.stage,
  coalesce(a.region, '') as region,
  a.arr_cents,
  a.renews_on,
  e.hours as effort_hours,
  f.factors,
  m.last_meaningful_at,
  case when m.judged_by = 'contact' then m.is_unmonitored end as is_unmonitored
from effort_as_of e
join account_as_of a on a.as_of = e.as_of and a.account = e.account
join tier_as_of t on t.as_of = e.as_of and t.account = e.account
join effort_factors f on f.as_of = e.as_of and f.account = e.account
left join monitoring_as_of m on m.as_of = e.as_of and m.account = e.account
where e.as_of = $as_of
"""

ROLES = """
select
  $run as run_id, account as account_id, role, person as person_id, pool as pool_id, works, hours
from role_effort_as_of
where as_of = $as_of
"""

LISTED = """
select
  $run as run_id,
  a.account as account_id,
  a.person as person_id,
  a.pool as pool_id,
  t.tier,
  t.assumed as tier_assumed,
  coalesce(a.segment, '') as segment,
  coalesce(a.stage, '') as stage,
  coalesce(a.region, '') as region,
  a.arr_cents,
  a.renews_on,
  0.0 as effort_hours,
  '[]' as factors,
  cast(null as TIMESTAMP) as last_meaningful_at,
  cast(null as BOOLEAN) as is_unmonitored
from account_as_of a
join tier_as_of t on t.as_of = a.as_of and t.account = a.account
where a.as_of = $as_of and a.active
"""


def store(session: Session, keeping: Keeping) -> int:
    """Store one row an active account as of the run's day, and one a role on it; return how many."""
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    roles = bulk.insert("capacity_roleweek", session.stream(ROLES, asked))
    return roles + bulk.insert("capacity_accountweek", session.stream(FOUND, asked))


def store_listed(session: Session, keeping: Keeping) -> int:
    """Store who had which account in which tier, for a page that asks no more; return how many rows.

    Their effort is not worked out, so nothing that is stored here may outlive the page.
    """
    asked = {"run": keeping.run, "as_of": keeping.as_of}
    return bulk.insert("capacity_accountweek", session.stream(LISTED, asked))
