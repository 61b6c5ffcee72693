-- How many people of each account took part in the last days (policy), as of each day.
--
-- A contact counts from when one of their interactions could be seen until the window has passed
-- it. Overlapping spells of one contact are merged, so that a count is a running sum of spells
-- begun less spells ended.
with spells as (
  select
    account,
    contact,
    visible_at as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      happened_at + to_days(cast($capacity_stakeholder_days as INTEGER))
    ) as until_at
  from interaction
  where contact <> '' and status = 'completed'
    and happened_at + to_days(cast($capacity_stakeholder_days as INTEGER)) >= (select min(ends_at) from weeks)
),
marked as (
  select
    account, contact, from_at, until_at,
    max(until_at) over (
      partition by account, contact order by from_at, until_at rows between unbounded preceding and 1 preceding
    ) as covered_until
  from spells
  where until_at > from_at
),
islands as (
  select
    account, contact, from_at, until_at,
    sum(case when covered_until >= from_at then 0 else 1 end) over (
      partition by account, contact order by from_at, until_at rows between unbounded preceding and current row
    ) as island
  from marked
),
merged as (
  select account, contact, min(from_at) as from_at, max(until_at) as until_at
  from islands
  group by account, contact, island
),
edges as (
  select account, from_at as edge_at, 1 as change from merged
  union all
  select account, until_at as edge_at, -1 as change from merged
),
timeline as (
  select account, edge_at, sum(sum(change)) over (partition by account order by edge_at) as stakeholders
  from edges
  group by account, edge_at
)
select w.as_of, t.account, cast(t.stakeholders as BIGINT) as stakeholders
from weeks w
join account a on a.visible_at < w.ends_at
asof join timeline t on t.account = a.account and t.edge_at < w.ends_at
where t.stakeholders > 0
