"""The document of a week: what ``evenbook week --json`` prints and others build on.

Documented in ``docs/reference/json.md``. Money is in major units, shares run 0 to 1, what has no
value is null; lists are sorted by what matters first.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from evenbook.frames.session import Session

CSMS = """
select
  p.key as id, p.name, l.book_accounts as accounts, l.effort_hours, l.capacity_hours,
  l.load * 100 as load_percent, u.value as unmonitored_ratio
from load_as_of l
join person p on p.person = l.person
left join unmonitored u on u.as_of = l.as_of and u.subject_kind = 'csm' and u.subject = p.key
where l.as_of = $as_of
order by load_percent desc nulls last, p.key
"""

STATES = """
select state, count(*) as accounts
from state_as_of
where as_of = $as_of
group by state
order by accounts desc, state
"""

COVERAGE = """
select tier, count(*) as accounts, count(*) filter (is_covered) as covered
from coverage_as_of
where as_of = $as_of
group by tier
order by tier
"""

RETENTION = """
select
  (select value from nrr where as_of = $as_of and subject_kind = 'all') as nrr,
  (select value from grr where as_of = $as_of and subject_kind = 'all') as grr,
  (select value from logo where as_of = $as_of and subject_kind = 'all') as logo
"""

SHEET = """
select
  a.key as account, a.name as account_name, h.arr_cents / 100 as arr,
  h.expected_cents / 100 as expected_arr_at_risk, h.points, cast(h.reasons as VARCHAR) as reasons
from hot_sheet h
join account a on a.account = h.account
where h.as_of = $as_of
order by h.place
"""

ROUNDED = {"effort_hours": 2, "capacity_hours": 2, "load_percent": 2, "unmonitored_ratio": 6, "points": 1}


def week_document(session: Session, as_of: date, *, policy_version: int) -> dict[str, Any]:
    """Return the document of the week that ``session`` worked out."""

    def rows(sql: str) -> list[dict[str, Any]]:
        return [_rounded(row) for row in session.rows(sql, {"as_of": as_of}).to_pylist()]

    tiers = rows(COVERAGE)
    sheet = rows(SHEET)
    for row in sheet:
        row["reasons"] = json.loads(row["reasons"])
    return {
        "as_of": as_of.isoformat(),
        "policy_version": policy_version,
        "csms": rows(CSMS),
        "states": {row["state"]: row["accounts"] for row in rows(STATES)},
        "coverage": {
            "accounts": sum(row["accounts"] for row in tiers),
            "covered": sum(row["covered"] for row in tiers),
            "by_tier": {
                str(row["tier"]): {"accounts": row["accounts"], "covered": row["covered"]} for row in tiers
            },
        },
        "retention": rows(RETENTION)[0],
        "hotsheet": sheet,
    }


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: round(value, ROUNDED[name]) if name in ROUNDED and value is not None else value
        for name, value in row.items()
    }
