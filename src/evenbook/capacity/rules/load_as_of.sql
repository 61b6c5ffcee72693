-- The load of each person as of each day: the effort they carry over what they can sustain.
--
-- Everyone has a row who carries effort, works accounts or is a CSM. Without capacity there is no
-- load: nothing is divided by zero. `book_accounts` and `book_hours` are what they work when they
-- are there, the parts of their roles included, `accounts` and `effort_hours` what they carry now, pool
-- shares and cover included.
with carried as (
  select
    as_of,
    person,
    count(account) as accounts,
    sum(cast(hours as DECIMAL(18, 6))) filter (how = 'own') as own_hours,
    sum(cast(hours as DECIMAL(18, 6))) filter (how = 'cover') as cover_hours,
    sum(cast(hours as DECIMAL(18, 6))) filter (how = 'pool') as pool_hours
  from carried_as_of
  where person is not null
  group by as_of, person
),
books as (
  select as_of, person, count(*) as accounts, sum(cast(hours as DECIMAL(18, 6))) as hours
  from effort_part_as_of
  where person is not null
  group by as_of, person
),
hours as (
  select
    c.as_of,
    c.person,
    c.capacity_hours,
    c.is_away,
    coalesce(b.accounts, 0) as book_accounts,
    cast(coalesce(b.hours, 0) as DOUBLE) as book_hours,
    coalesce(d.accounts, 0) as accounts,
    cast(coalesce(d.own_hours, 0) as DOUBLE) as own_hours,
    cast(coalesce(d.cover_hours, 0) as DOUBLE) as cover_hours,
    cast(coalesce(d.pool_hours, 0) as DOUBLE) as pool_hours,
    cast(coalesce(d.own_hours, 0) + coalesce(d.cover_hours, 0) + coalesce(d.pool_hours, 0) as DOUBLE)
      as effort_hours
  from capacity_as_of c
  join person p on p.person = c.person
  left join carried d on d.as_of = c.as_of and d.person = c.person
  left join books b on b.as_of = c.as_of and b.person = c.person
  where d.person is not null or b.person is not null or p.role = 'csm'
)
select *, effort_hours / nullif(capacity_hours, 0) as load from hours
