-- The loops that a change of owner opens: one a change, from a person or pool to another.
with moved as (
  select
    account, from_at as opened_at, since_at as event_at, person, pool, before,
    coalesce(person, 0) <> coalesce(before.person, 0) or coalesce(pool, 0) <> coalesce(before.pool, 0) as is_other
  from owner_spell
)
select distinct on (r.loop, m.account, d.day)
  r.loop, m.account, m.event_at, m.opened_at, d.day as before_on,
  r.loop || ':' || a.key || ':' || strftime(d.day, '%Y-%m-%d') as key
from moved m
join account a on a.account = m.account
asof join calendar d on d.starts_at <= m.event_at
join (select distinct loop, from_at, until_at from loop_rule where opened_by = 'owner') r
  on m.opened_at >= r.from_at and m.opened_at < r.until_at
where m.is_other
  and (m.person is not null or m.pool is not null)
  and (m.before.person is not null or m.before.pool is not null)
  and m.opened_at >= $closures_start_at
order by m.opened_at
