-- Accounts whose owner will be away for long, or has left: they ask for a brief as a change of owner does.
--
-- A leave counts when it has so many working days (policy), from when it is known, or from when the account
-- comes to whoever goes; a departure from the day after the last one.
with leaving as (
  select l.person, l.first_on, l.last_on, l.visible_at
  from leave l
  join person p on p.person = l.person
  join working_day f on f.region = coalesce(p.region, '') and f.day = l.first_on
  join working_day e on e.region = coalesce(p.region, '') and e.day = l.last_on
  where l.visible_at < $last_ends_at
    and e.number - f.number + cast(f.works as INTEGER) >= $closures_long_leave_days
  union all by name
  select p.person, p.left_on + 1 as first_on, p.left_on + 31 as last_on, d.starts_at as visible_at
  from person p
  join calendar d on d.day = p.left_on + 1
  where d.starts_at < $last_ends_at
)
select
  o.account, o.person, l.first_on, l.last_on,
  min(greatest(l.visible_at, o.from_at)) as opened_at
from leaving l
join owner_spell o on o.person = l.person and o.from_at < cast(l.last_on + 1 as TIMESTAMP) and o.until_at > l.visible_at
where greatest(l.visible_at, o.from_at) < cast(l.last_on + 1 as TIMESTAMP)
  and greatest(l.visible_at, o.from_at) < $last_ends_at
group by o.account, o.person, l.first_on, l.last_on
