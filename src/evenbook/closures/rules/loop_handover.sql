-- The loops that a change of owner opens: one a change, from a person or pool to another; and those that a
-- long leave or a departure of the owner opens ahead of it. The change that follows from one of these opens
-- no second loop.
with moved as (
  select
    account, from_at as opened_at, since_at as event_at, person, pool, before,
    coalesce(person, 0) <> coalesce(before.person, 0) or coalesce(pool, 0) <> coalesce(before.pool, 0) as is_other
  from owner_spell
),
told as (
  select m.account, m.event_at, m.opened_at, d.day as before_on
  from moved m
  asof join calendar d on d.starts_at <= m.event_at
  anti join loop_away g
    on g.account = m.account and g.person = m.before.person
    and g.opened_at <= m.opened_at and d.day <= g.last_on
  where m.is_other
    and (m.person is not null or m.pool is not null)
    and (m.before.person is not null or m.before.pool is not null)
  union all by name
  select account, opened_at as event_at, opened_at, first_on as before_on from loop_away
)
select distinct on (r.loop, t.account, t.before_on)
  r.loop, t.account, t.event_at, t.opened_at, t.before_on,
  r.loop || ':' || a.key || ':' || strftime(t.before_on, '%Y-%m-%d') as key
from told t
join account a on a.account = t.account
join (select distinct loop, from_at, until_at from loop_rule where opened_by = 'owner') r
  on t.opened_at >= r.from_at and t.opened_at < r.until_at
where t.opened_at >= $closures_start_at
order by t.opened_at
