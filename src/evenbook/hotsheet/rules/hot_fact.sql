-- What became of the accounts whose work is open, as it is known on the day: read by `rules.cases`.
--
-- `acted_on`: the first completed interaction since the day on which the work began; kinds that never
-- count, such as a bulk mail, and what is only among us is none. `is_bad`: in a state that asks for work.
-- `lost_on`: it left, or lost the policy's share of its revenue or more.
with begun as (
  select o.*, w.as_of, w.ends_at
  from hot_open o
  cross join (select max(as_of) as as_of, max(ends_at) as ends_at from weeks) w
),
acted as (
  select b.account, min(i.happened_at) as happened_at, arg_min(i.kind, (i.happened_at, i.kind)) as kind
  from begun b
  join interaction i
    on i.account = b.account
    and i.happened_at >= b.began_on
    and i.happened_at < b.ends_at
    and i.visible_at < b.ends_at
    and (i.hidden_at is null or i.hidden_at >= b.ends_at)
    and i.status = 'completed'
  left join policy_records_kinds k on k.kind = i.kind
  where k.counts is null or k.counts not in ('never', 'internal')
  group by b.account
),
lost as (
  select b.account, min(l.happened_on) as happened_on, arg_min(l.is_churn, l.happened_on) as is_churn
  from begun b
  join replay_loss l on l.account = b.account and l.happened_on >= b.began_on
  group by b.account
)
select
  b.account,
  cast(a.happened_at as DATE) as acted_on,
  coalesce(a.kind, '') as act,
  l.happened_on as lost_on,
  coalesce(l.is_churn, false) as is_churn,
  coalesce(s.state in ('declining', 'at_risk', 'silent'), false) as is_bad,
  v.renews_on
from begun b
left join acted a on a.account = b.account
left join lost l on l.account = b.account
left join state_as_of s on s.as_of = b.as_of and s.account = b.account
left join account_as_of v on v.as_of = b.as_of and v.account = b.account
