-- The hours a month of each active account as of each day, by who has them: one row a person or pool.
--
-- Roles that take a part of an account (policy, by stage) have it; the rest is theirs who works it, so that the
-- parts are the account's hours to the millionth. `works` says who works it. Where no role is given, that is
-- one row an account.
with taken as (
  select as_of, account, sum(cast(hours as DECIMAL(18, 6))) as hours, bool_or(works) as is_worked
  from role_effort_as_of
  group by as_of, account
),
split as (
  select as_of, account, person, pool, works, cast(hours as DECIMAL(18, 6)) as hours from role_effort_as_of
  union all by name
  select
    e.as_of, e.account, e.person, e.pool, true as works, cast(e.hours as DECIMAL(18, 6)) - t.hours as hours
  from taken t
  join effort_as_of e on e.as_of = t.as_of and e.account = t.account
  where not t.is_worked
)
select e.as_of, e.account, e.person, e.pool, e.tier, true as works, e.hours
from effort_as_of e
anti join taken t on t.as_of = e.as_of and t.account = e.account
union all by name
select
  s.as_of, s.account, s.person, s.pool,
  any_value(e.tier) as tier,
  bool_or(s.works) as works,
  cast(sum(s.hours) as DOUBLE) as hours
from split s
join effort_as_of e on e.as_of = s.as_of and e.account = s.account
group by s.as_of, s.account, s.person, s.pool
having sum(s.hours) > 0 or (bool_or(s.works) and (s.person is not null or s.pool is not null))
