-- How many people of each account took part in the last days (policy), as of each day. No row: none.
--
-- A contact counts from when one of their interactions could be seen until the window has passed
-- it. Overlapping spells of one contact are merged, so that a count is a running sum of spells
-- begun less spells ended. What was known before the first day is one spell a contact (`opening`);
-- only contacts heard of between the days have several.
with words as (
  select
    account,
    contact,
    from_at,
    least(
      coalesce(until_at, timestamp '9999-01-01'), heard_at + to_days(cast($capacity_stakeholder_days as INTEGER))
    ) as until_at
  from heard
  where contact <> '' and heard_at >= $first_ends_at - to_days(cast($capacity_stakeholder_days as INTEGER))
),
opening as (
  select account, contact, max(until_at) as until_at
  from words
  where from_at < $first_ends_at
  group by account, contact
),
later as (
  select account, contact, from_at, until_at from words where from_at >= $first_ends_at
),
moving as (
  select distinct account, contact from later
),
spells as (
  select account, contact, from_at, until_at from later where until_at > from_at
  union all
  select o.account, o.contact, timestamp '0001-01-01' as from_at, o.until_at
  from opening o
  join moving m on m.account = o.account and m.contact = o.contact
),
marked as (
  select
    account, contact, from_at, until_at,
    max(until_at) over (
      partition by account, contact order by from_at, until_at rows between unbounded preceding and 1 preceding
    ) as covered_until
  from spells
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
  select account, min(from_at) as from_at, max(until_at) as until_at
  from islands
  group by account, contact, island
  union all
  select o.account, timestamp '0001-01-01' as from_at, o.until_at
  from opening o
  anti join moving m on m.account = o.account and m.contact = o.contact
),
edges as (
  select account, from_at as edge_at, 1 as change from merged
  union all
  select account, until_at as edge_at, -1 as change from merged
),
folded as (
  select
    account,
    greatest(edge_at, $first_ends_at - interval 1 microsecond) as from_at,
    sum(change) as change
  from edges
  where edge_at < $last_ends_at
  group by account, from_at
),
timeline as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over so_far as until_at,
    sum(change) over so_far as stakeholders
  from folded
  window so_far as (partition by account order by from_at)
)
select w.as_of, t.account, cast(t.stakeholders as BIGINT) as stakeholders
from weeks w
join timeline t on t.from_at < w.ends_at and t.until_at >= w.ends_at
where t.stakeholders > 0
