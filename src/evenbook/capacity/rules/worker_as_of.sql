-- The stage of each active account as of each day, and who works it: the owner of the role that the
-- stage belongs to (policy), else the account's owner.
--
-- The stage is the one that was set, else it follows the days since the start. Within the renewal
-- window any stage but onboarding is renewal: the date is a fact, a stage that was set goes stale.
with staged as (
  select
    a.as_of,
    a.ends_at,
    a.account,
    a.person,
    a.pool,
    case
      when a.stage in ('onboarding', 'adoption', 'value', 'renewal') then a.stage
      when a.started_at is null or a.started_at + to_days(cast($book_adoption_days as INTEGER)) < a.ends_at then 'value'
      when a.started_at + to_days(cast($book_onboarding_days as INTEGER)) < a.ends_at then 'adoption'
      else 'onboarding'
    end as usual_stage,
    coalesce(
      a.renews_on <= a.as_of + cast($capacity_renewal_window_days as INTEGER)
        and a.renews_on >= a.as_of - cast($capacity_renewal_window_days as INTEGER),
      false
    ) as renews_soon
  from account_as_of a
  where a.active
),
now as (
  select
    * exclude (usual_stage, renews_soon),
    case when renews_soon and usual_stage <> 'onboarding' then 'renewal' else usual_stage end as stage
  from staged
)
select
  n.as_of,
  n.account,
  n.stage,
  case when r.person is null and r.pool is null then n.person else r.person end as person,
  case when r.person is null and r.pool is null then n.pool else r.pool end as pool
from now n
left join policy_book_stage_roles s on s.stage = n.stage
left join role_as_of r on r.as_of = n.as_of and r.account = n.account and r.role = s.role
