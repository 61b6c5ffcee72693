-- Which accounts are in the top share of their tier (policy) by signals, or by follow-ups per
-- meaningful interaction, over the last weeks, as of each day. Accounts that are in neither have no row.
--
-- Equals are in or out together, and an account without any is never dense.
with raised as (
  select s.as_of, s.account, count(*) as amount
  from signal_as_of s
  join weeks w on w.as_of = s.as_of
  where s.direction = 'risk' and s.observed_at >= w.ends_at - to_days(cast(7 * $capacity_dense_weeks as INTEGER))
  group by s.as_of, s.account
),
amounts as (
  select m.kind, m.as_of, t.tier, m.account, m.amount
  from (
    select 'signals' as kind, as_of, account, cast(amount as DOUBLE) as amount from raised
    union all
    select 'follow_ups', as_of, account, cast(follow_ups as DOUBLE) from follow_up_as_of
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
