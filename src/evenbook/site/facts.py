"""The last facts of one account, as they could be seen on a day.

They are read from the same tables that the rules read, cut at the same instant.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from evenbook.frames.queries import open_session
from evenbook.policy.numbers import OrganizationNumbers
from evenbook.policy.schema import Policy
from evenbook.site import registry

READ = (
    "interaction",
    "ticket",
    "artifact",
    "score",
    "opportunity",
    "movement",
    "ownership",
    "usage",
    "person",
)

FACTS = """
with seen as (
  select w.ends_at from weeks w
),
facts as (
  select
    i.happened_at, 'interaction' as fact,
    concat_ws(', ', replace(i.kind, '_', ' '), i.status, format('{:.0f} min', i.minutes), p.name) as says
  from interaction i
  cross join seen s
  left join person p on p.person = i.person
  where i.account = $account and i.happened_at < s.ends_at and coalesce(i.hidden_at >= s.ends_at, true)
  union all
  select
    t.happened_at, 'ticket',
    concat_ws(
      ', ', t.ticket, nullif(t.priority, ''),
      case when t.escalated_at < s.ends_at then 'escalated ' || strftime(t.escalated_at, '%Y-%m-%d') end,
      case when t.solved_at < s.ends_at then 'solved ' || strftime(t.solved_at, '%Y-%m-%d') else 'open' end
    )
  from ticket t
  cross join seen s
  where t.account = $account and t.happened_at < s.ends_at and coalesce(t.hidden_at >= s.ends_at, true)
  union all
  select a.happened_at, 'artifact', concat_ws(', ', replace(a.kind, '_', ' '), p.name)
  from artifact a
  cross join seen s
  left join person p on p.person = a.author
  where a.account = $account and a.happened_at < s.ends_at and coalesce(a.hidden_at >= s.ends_at, true)
  union all
  select c.happened_at, 'score', format('{} {:.0f} of 100', c.kind, c.value)
  from score c
  cross join seen s
  where c.account = $account and c.happened_at < s.ends_at and coalesce(c.hidden_at >= s.ends_at, true)
  union all
  select
    o.happened_at, 'opportunity',
    concat_ws(
      ', ', nullif(o.stage, ''), format('{:,} {}', cast(round(o.amount_cents / 100) as BIGINT), $currency),
      case when o.won_at < s.ends_at then 'won' when o.lost_at < s.ends_at then 'lost' end
    )
  from opportunity o
  cross join seen s
  where o.account = $account and o.happened_at < s.ends_at and coalesce(o.hidden_at >= s.ends_at, true)
  union all
  select m.happened_at, 'revenue',
    format(
      '{}, {}{:,} {} a year', m.kind, case when m.change_cents > 0 then '+' else '' end,
      cast(round(m.change_cents / 100) as BIGINT), $currency
    )
  from movement m
  where m.account = $account and m.change_cents <> 0
  union all
  select x.happened_at, 'owner', concat_ws(', ', x.role, coalesce(p.name, 'a pool or nobody'))
  from ownership x
  left join person p on p.person = x.person
  where x.account = $account and x.happened_at > timestamp '1970-01-01'
  union all
  select
    cast(u.week_on as TIMESTAMP), 'usage',
    format('week of {}: {:g} {}', strftime(u.week_on, '%Y-%m-%d'), u.value, replace(u.measure, '_', ' '))
  from (
    select week_on, measure, value, visible_at from usage where account = $account
    qualify row_number() over (partition by measure, week_on order by visible_at desc, source) = 1
      and dense_rank() over (partition by measure order by week_on desc) <= 4
  ) u
)
select happened_at, fact, says from facts order by happened_at desc, fact, says limit $limit
"""


@dataclass(frozen=True)
class Fact:
    """One dated fact, in words."""

    happened_at: datetime
    kind: str
    text: str


def last_facts(account: int, as_of: date, *, policy: Policy, home: Path, limit: int) -> tuple[Fact, ...]:
    """Return the newest facts of an account that could be seen by the end of ``as_of``.

    Whether the asker may see the account is for the caller to have settled.
    """
    numbers = policy.of(OrganizationNumbers)
    tables = [table for table in registry.tables() if table.name in READ]
    asked: dict[str, Any] = {"account": account, "limit": limit, "currency": numbers.currency}
    with open_session(
        tables, (as_of,), zone=numbers.time_zone, numbers={}, folder=home / "cache" / "frames"
    ) as session:
        found = session.rows(FACTS, asked).to_pylist()
    return tuple(Fact(row["happened_at"], row["fact"], row["says"]) for row in found)
