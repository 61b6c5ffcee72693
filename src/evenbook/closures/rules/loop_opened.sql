-- The loops that opened since the carry, each with the day on which it is due.
--
-- The tier that serves the account at that instant must be among those of the loop, and an account that
-- has churned opens none. Working days are those of the region of whoever owes the loop then: whoever works the
-- account in the stage of that week (a role, else its owner), of a change of hands whoever has the role. Silent accounts of
-- a tier that is recorded in cohorts (policy) have the first day of the week or month in which they opened.
with rule as (
  select distinct loop, from_at, until_at, artifact, due_in, due_days, tier, cohort from loop_rule
),
found as (
  select
    loop, account, key, event_at, opened_at, withdrawn_at, priority,
    cast(null as DATE) as floor_on, cast(null as DATE) as before_on, cast(null as VARCHAR) as role
  from loop_event
  union all by name
  select
    c.loop, c.account, c.loop || ':' || a.key || ':' || strftime(d.day, '%Y-%m-%d') as key,
    c.opened_at as event_at, c.opened_at, c.floor_on
  from loop_clock c
  join account a on a.account = c.account
  asof join calendar d on d.starts_at <= c.opened_at
  where c.opened_at >= $carried_until
  union all by name
  select
    u.loop, u.account, u.loop || ':' || a.key || ':' || strftime(u.crossed_on, '%Y-%m-%d') as key,
    greatest(d.starts_at, u.starts_at, $closures_start_at) as event_at,
    greatest(d.starts_at, u.starts_at, $closures_start_at) as opened_at
  from loop_unused u
  join account a on a.account = u.account
  join calendar d on d.day = u.crossed_on
  where u.is_new
  union all by name
  select loop, account, key, event_at, opened_at, withdrawn_at, floor_on from loop_renewal
  union all by name
  select loop, account, role, key, event_at, opened_at, withdrawn_at, before_on from loop_handover
),
fresh as (
  select * from found where opened_at >= $carried_until and opened_at < $last_ends_at
),
tiered as (
  select f.*, t.tier
  from fresh f
  join tier_spell t on t.account = f.account and t.from_at <= f.opened_at and t.until_at > f.opened_at
),
served as (
  select f.*, r.artifact, r.due_in, r.cohort, coalesce(s.days, r.due_days) as due_days, w.as_of
  from tiered f
  join rule r on r.loop = f.loop and r.tier = f.tier and f.opened_at >= r.from_at and f.opened_at < r.until_at
  left join loop_severity s
    on s.priority = f.priority and f.opened_at >= s.from_at and f.opened_at < s.until_at
  asof join weeks w on w.ends_at > f.opened_at
),
-- which role works the accounts that have any
worked as (
  select k.as_of, k.account, g.role
  from worker_as_of k
  semi join role_spell r on r.account = k.account and r.role <> 'owner'
  join policy_book_stage_roles g on g.stage = k.stage
),
owned as (
  select s.*, coalesce(p.region, '') as region
  from served s
  join account_as_of a on a.as_of = s.as_of and a.account = s.account
  left join worked k on k.as_of = s.as_of and k.account = s.account
  left join role_spell r
    on r.account = s.account and r.role = coalesce(s.role, k.role) and r.role <> 'owner'
    and r.from_at <= s.opened_at and r.until_at > s.opened_at and (r.person is not null or r.pool is not null)
  left join role_spell o
    on o.account = s.account and o.role = 'owner' and o.from_at <= s.opened_at and o.until_at > s.opened_at
  left join person p on p.person = case when r.account is null then o.person else r.person end
  where a.churned_at is null or a.churned_at > s.opened_at
),
placed as (
  select o.*, d.day as opened_on
  from owned o
  asof join calendar d on d.starts_at <= o.opened_at
),
counted as (
  select
    p.*,
    o.number + p.due_days + cast(p.due_days = 0 and not o.works as INTEGER) as due_number,
    b.number - cast(b.works as INTEGER) as before_number
  from placed p
  join working_day o on o.region = p.region and o.day = p.opened_on
  left join working_day b on b.region = p.region and b.day = p.before_on
)
select
  c.key, c.loop, c.account, coalesce(c.role, '') as role, c.artifact, c.event_at, c.opened_at, c.withdrawn_at,
  greatest(
    case when c.due_in = 'working' then d.day else c.opened_on + cast(c.due_days as INTEGER) end,
    coalesce(c.floor_on, c.opened_on),
    coalesce(e.day, c.opened_on)
  ) as due_on,
  case when c.cohort <> '' then cast(date_trunc(c.cohort, c.opened_on) as DATE) end as cohort_on
from counted c
left join working_day d on d.region = c.region and d.number = c.due_number and d.works
left join working_day e on e.region = c.region and e.number = c.before_number and e.works
