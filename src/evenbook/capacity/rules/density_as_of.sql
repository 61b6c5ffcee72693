-- Which accounts are in the top share of their tier (policy) by signals, or by follow-ups per
-- meaningful interaction, over the last weeks, as of each day. Accounts that are in neither have no row.
--
-- Equals are in or out together, and an account without any is never dense.
with window_days as (
  select cast(7 * $capacity_dense_weeks as INTEGER) as days
),
talks as (
  select
    account,
    coalesce(action_items, 0) as items,
    visible_at as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'), happened_at + to_days((select days from window_days))
    ) as until_at
  from recent_talk
  where is_meaningful
    and happened_at >= (select min(ends_at) from weeks) - to_days((select days from window_days))
),
edges as (
  select account, from_at as edge_at, items, 1 as talks from talks where until_at > from_at
  union all
  select account, until_at as edge_at, -items as items, -1 as talks from talks where until_at > from_at
),
folded as (
  select
    account,
    greatest(edge_at, (select min(ends_at) from weeks) - interval 1 microsecond) as from_at,
    sum(items) as items,
    sum(talks) as talks
  from edges
  where edge_at < (select max(ends_at) from weeks)
  group by account, from_at
),
timeline as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
    sum(items) over following as items,
    sum(talks) over following as talks
  from folded
  window following as (partition by account order by from_at)
),
asked as (
  select w.as_of, t.account, t.items / t.talks as amount
  from weeks w
  join timeline t on t.from_at < w.ends_at and t.until_at >= w.ends_at
  where t.items > 0 and t.talks > 0
),
raised as (
  select s.as_of, s.account, count(*) as amount
  from signal_as_of s
  join weeks w on w.as_of = s.as_of
  where s.direction = 'risk' and s.observed_at >= w.ends_at - to_days((select days from window_days))
  group by s.as_of, s.account
),
amounts as (
  select m.kind, m.as_of, t.tier, m.account, m.amount
  from (
    select 'signals' as kind, as_of, account, cast(amount as DOUBLE) as amount from raised
    union all
    select 'follow_ups', as_of, account, cast(amount as DOUBLE) from asked
  ) m
  join tier_as_of t on t.as_of = m.as_of and t.account = m.account
),
sizes as (
  select as_of, tier, count(*) as accounts from tier_as_of group by as_of, tier
),
counted as (
  select kind, as_of, tier, amount, count(*) as accounts from amounts group by kind, as_of, tier, amount
),
ranked as (
  select kind, as_of, tier, amount, sum(accounts) over (partition by kind, as_of, tier order by amount desc) as above
  from counted
),
lowest as (
  select r.kind, r.as_of, r.tier, min(r.amount) as amount
  from ranked r
  join sizes z on z.as_of = r.as_of and z.tier = r.tier
  where r.above <= $capacity_dense_share * z.accounts
  group by r.kind, r.as_of, r.tier
)
select
  a.as_of,
  a.account,
  max(a.amount) filter (a.kind = 'signals') as signals,
  max(a.amount) filter (a.kind = 'follow_ups') as follow_ups
from amounts a
join lowest l on l.kind = a.kind and l.as_of = a.as_of and l.tier = a.tier and a.amount >= l.amount
group by a.as_of, a.account
