-- The loops that an approaching renewal opens: the brief, and each refresh of it.
--
-- A contract holds the loop open from when it could be seen until it was renewed, lost or told otherwise, or
-- until a month after its day passed without any of these; then the loop is withdrawn. So a renewal whose month
-- was over at the carry has nothing left to open or withdraw, and one beyond the first mark nothing yet.
with told as (
  select
    account,
    coalesce(renews_on, ends_on) as renews_on,
    visible_at as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      coalesce(lost_at, timestamp '9999-01-01'),
      coalesce(renewed_at, timestamp '9999-01-01'),
      cast(coalesce(renews_on, ends_on) as TIMESTAMP) + interval 31 day
    ) as until_at
  from contract
  where coalesce(renews_on, ends_on) >= greatest(
      cast($closures_start_at as DATE), cast($carried_until as DATE) - interval 32 day
    )
    and coalesce(renews_on, ends_on) <= cast($last_ends_at as DATE) + cast(
      (select max(days_before + early_days) + 1 from loop_mark) as INTEGER
    )
    and visible_at < $last_ends_at
),
mark as (
  select
    m.days_before, m.from_at, m.until_at,
    c.starts_at as event_at,
    c.day + cast(m.days_before + m.early_days as INTEGER) as renews_on
  from loop_mark m
  cross join calendar c
  where c.starts_at < $last_ends_at
),
marked as (
  select
    t.account, t.renews_on, m.days_before, t.until_at, m.event_at,
    greatest(m.event_at, t.from_at, m.from_at, $closures_start_at) as opened_at,
    least(t.until_at, d.starts_at, m.until_at, $last_ends_at) as opens_until_at
  from told t
  join calendar d on d.day = t.renews_on
  join mark m on m.renews_on = t.renews_on
),
opening as (
  select
    account, renews_on, days_before,
    min(event_at) as event_at,
    min(opened_at) filter (opened_at < opens_until_at) as opened_at,
    max(until_at) as until_at
  from marked
  group by account, renews_on, days_before
  having count(*) filter (opened_at < opens_until_at) > 0
)
select
  r.loop, p.account, p.event_at, p.opened_at,
  r.loop || ':' || a.key || ':' || strftime(p.renews_on, '%Y-%m-%d') || ':' || p.days_before as key,
  p.renews_on - cast(p.days_before as INTEGER) as floor_on,
  case when p.until_at < $last_ends_at then p.until_at end as withdrawn_at
from opening p
join account a on a.account = p.account
join (select distinct loop, from_at, until_at from loop_rule where opened_by = 'renewal') r
  on p.opened_at >= r.from_at and p.opened_at < r.until_at
