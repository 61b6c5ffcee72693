-- What changed of loops since the carry, week by week: a loop that opened, and one that was closed or
-- withdrawn, with all that was known of it by the end of that week and who owed it then.
with seen as (
  select h.*, coalesce(h.closed_at, h.withdrawn_at) as ended_at from loop_held h
),
opened as (
  select s.*, w.as_of, w.ends_at
  from seen s
  asof join weeks w on w.ends_at > s.opened_at
  where s.opened_at >= $carried_until
),
ended as (
  select s.*, w.as_of, w.ends_at
  from seen s
  asof join weeks w on w.ends_at > s.ended_at
  where s.ended_at >= $carried_until
),
changed as (
  select
    o.key, o.loop, o.account, o.role, o.artifact, o.event_at, o.opened_at, o.due_on, o.cohort_on, o.as_of,
    case when o.ended_at < o.ends_at then o.closed_at end as closed_at,
    case when o.ended_at < o.ends_at then o.closed_by end as closed_by,
    case when o.ended_at < o.ends_at then o.withdrawn_at end as withdrawn_at
  from opened o
  union all by name
  select
    e.key, e.loop, e.account, e.role, e.artifact, e.event_at, e.opened_at, e.due_on, e.cohort_on, e.as_of,
    e.closed_at, e.closed_by, e.withdrawn_at
  from ended e
  anti join opened o on o.key = e.key and o.as_of = e.as_of
)
select
  c.*,
  case when r.account is null then d.person else r.person end as person,
  case when r.account is null then d.pool else r.pool end as pool
from changed c
left join duty_as_of d on d.as_of = c.as_of and d.account = c.account and d.role = ''
left join duty_as_of r on r.as_of = c.as_of and r.account = c.account and r.role = c.role and r.role <> ''
