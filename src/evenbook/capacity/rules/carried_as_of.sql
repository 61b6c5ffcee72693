-- Who carries the effort of each account as of each day.
--
-- `own`: who works it, where they are present. `cover`: while they are on leave, the named cover,
-- where that person is present and not on leave too. `pool`: a pool's effort is one row a member
-- present, in proportion to what each can sustain, and has no account. `uncovered`: nobody, with
-- the reason; `person` is null there. `owner` and `pool` say whose the hours are: several have a part of an
-- account where roles take theirs, and `works` says which of them works it.
with members as (
  select
    w.as_of,
    m.pool,
    m.person,
    c.capacity_hours / sum(c.capacity_hours) over (partition by w.as_of, m.pool) as share
  from weeks w
  join (select distinct pool, person, since_on, until_on from pool_member) m
    on m.since_on <= w.as_of and (m.until_on is null or m.until_on > w.as_of)
  join capacity_as_of c on c.as_of = w.as_of and c.person = m.person
  where not c.is_away and c.capacity_hours > 0
),
staffed as (
  select distinct as_of, pool from members
),
pooled as (
  select as_of, pool, sum(cast(hours as DECIMAL(18, 6))) as hours
  from effort_part_as_of
  where pool is not null
  group by as_of, pool
),
carriers as (
  select
    a.as_of,
    a.person as owner,
    case when not a.is_away then a.person when not c.is_away then c.person end as person,
    case when not a.is_away then 'own' when not c.is_away then 'cover' else 'uncovered' end as how,
    case when a.is_away and coalesce(c.is_away, true) then 'away' end as why
  from capacity_as_of a
  left join capacity_as_of c on c.as_of = a.as_of and c.person = a.cover
)
select
  e.as_of,
  e.account,
  e.person as owner,
  e.pool,
  c.person,
  coalesce(c.how, 'uncovered') as how,
  case
    when c.owner is not null then c.why
    when e.pool is not null then 'pool is empty'
    when e.person is null then 'nobody'
    else 'not there'
  end as why,
  e.works,
  e.hours
from effort_part_as_of e
left join carriers c on c.as_of = e.as_of and c.owner = e.person
left join staffed s on s.as_of = e.as_of and s.pool = e.pool
where s.pool is null
union all
select
  p.as_of,
  null as account,
  null as owner,
  p.pool,
  m.person,
  'pool' as how,
  null as why,
  null as works,
  round(cast(p.hours as DOUBLE) * m.share, 6) as hours
from pooled p
join members m on m.as_of = p.as_of and m.pool = p.pool
