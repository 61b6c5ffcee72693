-- The onboarding steps whose day fell into the last weeks (policy), and when each was done.
--
-- The records hold no list of steps: a step is an interaction that was held or an artifact that was
-- written, of the kind that policy names, since thirty days before the account's start. A kind that the
-- records hold nothing of, of anybody, is left out. `person` owned the account on the day and owns it
-- still; null where the account has changed hands since.
with young as (
  select
    a.as_of, a.ends_at, a.account, a.person, a.owner_since, a.started_at, a.segment, t.tier, p.step,
    a.started_at + to_days(cast(p.by_day as INTEGER)) as due_at
  from account_as_of a
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  join policy_chain_onboarding p on p.tier = t.tier
  where a.active
    and a.started_at + to_days(cast(p.by_day as INTEGER)) < a.ends_at
    and a.started_at + to_days(cast(p.by_day as INTEGER))
      >= a.ends_at - to_days(cast(7 * $chain_weeks as INTEGER))
),
told as (
  select account, kind as step, happened_at, visible_at, hidden_at
  from milestone
  where kind in (select step from policy_chain_onboarding)
  union all by name
  select account, kind as step, happened_at, visible_at, hidden_at
  from artifact
  where kind in (select step from policy_chain_onboarding)
    and happened_at >= $first_ends_at
      - to_days(cast(7 * $chain_weeks + 30 + (select max(by_day) from policy_chain_onboarding) as INTEGER))
),
done as (
  select y.as_of, y.account, y.step, min(t.happened_at) as done_at
  from young y
  join told t
    on t.account = y.account
    and t.step = y.step
    and t.visible_at < y.ends_at
    and (t.hidden_at is null or t.hidden_at >= y.ends_at)
    and t.happened_at < y.ends_at
    and t.happened_at >= y.started_at - interval 30 day
  group by y.as_of, y.account, y.step
)
select
  y.as_of, y.account, y.tier, y.segment, y.step, y.due_at, d.done_at,
  case when y.owner_since is null or y.owner_since <= y.due_at then y.person end as person
from young y
join step_known k on k.step = y.step and k.first_at < y.ends_at
left join done d on d.as_of = y.as_of and d.account = y.account and d.step = y.step
