-- Accounts whose owner will be away for long, has left, or has another role: they ask for a brief as a change of
-- owner does. So does whoever has another role on the account, one row a role.
--
-- A leave counts when it has so many working days (policy), from when it is known, or from when the account
-- comes to whoever goes, until it is withdrawn; each version of it is a row with its own span, for what was
-- known then stays so. A departure counts from the day after the last one, a change of role from when it is
-- known. Whoever becomes a CSM keeps what they have, and `user` is no role but that none was told.
with roles as (
  select *, lag(role) over (partition by person order by visible_at, row_id) as before
  from person_role
  where visible_at < $last_ends_at
),
leaving as (
  select l.person, l.first_on, l.last_on, l.visible_at, coalesce(l.hidden_at, timestamp '9999-01-01') as until_at
  from leave l
  join person p on p.person = l.person
  join working_day f on f.region = coalesce(p.region, '') and f.day = l.first_on
  join working_day e on e.region = coalesce(p.region, '') and e.day = l.last_on
  where l.visible_at < $last_ends_at
    and e.number - f.number + cast(f.works as INTEGER) >= $closures_long_leave_days
  union all by name
  select p.person, p.left_on + 1 as first_on, p.left_on + 31 as last_on, d.starts_at as visible_at,
    timestamp '9999-01-01' as until_at
  from person p
  join calendar d on d.day = p.left_on + 1
  where d.starts_at < $last_ends_at
  union all by name
  select
    r.person, r.first_on, greatest(r.first_on, d.day) + 30 as last_on, r.visible_at,
    timestamp '9999-01-01' as until_at
  from roles r
  asof join calendar d on d.starts_at <= r.visible_at
  where r.role <> r.before and r.role not in ('user', 'csm') and r.before <> 'user'
)
select
  o.account, o.role, o.person, l.first_on, l.last_on, l.until_at,
  min(greatest(l.visible_at, o.from_at)) as opened_at
from leaving l
join role_spell o on o.person = l.person and o.from_at < cast(l.last_on + 1 as TIMESTAMP) and o.until_at > l.visible_at
where greatest(l.visible_at, o.from_at) < least(cast(l.last_on + 1 as TIMESTAMP), l.until_at)
  and greatest(l.visible_at, o.from_at) < $last_ends_at
group by o.account, o.role, o.person, l.first_on, l.last_on, l.until_at
