-- Who owes what is open of each account as of each day: whoever works it in its stage (a role, else its owner), or
-- while they are away their cover.
--
-- A loop that a change of hands opened is of a role, and theirs who have that one: one more row each role that
-- somebody has, and there one of the owner. All other loops are of none ('').
with owing as (
  select
    o.as_of,
    o.account,
    '' as role,
    case when k.account is null then o.person else k.person end as person,
    case when k.account is null then o.pool else k.pool end as pool
  from account_as_of o
  left join worker_as_of k on k.as_of = o.as_of and k.account = o.account
  union all by name
  select o.as_of, o.account, 'owner' as role, o.person, o.pool
  from account_as_of o
  semi join role_as_of r on r.as_of = o.as_of and r.account = o.account
  where o.person is not null or o.pool is not null
  union all by name
  select as_of, account, role, person, pool from role_as_of
)
select
  o.as_of,
  o.account,
  o.role,
  case when a.is_away and not c.is_away then c.person else o.person end as person,
  o.pool
from owing o
left join capacity_as_of a on a.as_of = o.as_of and a.person = o.person
left join capacity_as_of c on c.as_of = o.as_of and c.person = a.cover
