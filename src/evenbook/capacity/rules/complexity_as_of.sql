-- The complexity of each active account as of each day, 1 to 5, where it can be told.
--
-- A level that was set stands. Else it follows the points (policy) of integrations, use cases and
-- active contacts. Where neither integrations nor use cases are known there is no row.
with counted as (
  select
    account,
    name,
    try_cast(value as DOUBLE) as amount,
    visible_at as from_at,
    coalesce(
      min(visible_at) over (
        partition by account, name order by happened_at, row_id rows between 1 following and unbounded following
      ),
      timestamp '9999-01-01'
    ) as until_at
  from account_value
  where name in ('integrations', 'use_cases')
    and account in (select account from account_as_of where active and complexity is null)
),
known as (
  select
    w.as_of,
    c.account,
    max(c.amount) filter (c.name = 'integrations') as integrations,
    max(c.amount) filter (c.name = 'use_cases') as use_cases
  from weeks w
  join counted c on c.from_at < w.ends_at and c.until_at >= w.ends_at
  where c.amount is not null
  group by w.as_of, c.account
),
amounts as (
  select as_of, account, 'integrations' as attribute, integrations as amount from known
  union all
  select as_of, account, 'use_cases', use_cases from known
  union all
  select k.as_of, k.account, 'stakeholders', s.stakeholders
  from known k
  join stakeholder_as_of s on s.as_of = k.as_of and s.account = k.account
),
points as (
  select m.as_of, m.account, m.attribute, max(p.points) as points
  from amounts m
  join policy_capacity_complexity_points p on p.attribute = m.attribute and p.at_least <= m.amount
  group by m.as_of, m.account, m.attribute
),
sums as (
  select as_of, account, sum(points) as points from points group by as_of, account
),
levels as (
  select k.as_of, k.account, coalesce(s.points, 0) as points, max(l.level) as level
  from known k
  left join sums s on s.as_of = k.as_of and s.account = k.account
  join policy_capacity_complexity_levels l on l.at_least <= coalesce(s.points, 0)
  group by k.as_of, k.account, s.points
)
select
  a.as_of,
  a.account,
  case when a.complexity is not null then least(greatest(a.complexity, 1), 5) else l.level end as complexity,
  case when a.complexity is null then cast(l.points as BIGINT) end as points
from account_as_of a
left join levels l on l.as_of = a.as_of and l.account = a.account
where a.active and (a.complexity is not null or l.level is not null)
