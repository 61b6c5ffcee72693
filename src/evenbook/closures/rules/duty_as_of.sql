-- Who owes what is open of each account as of each day: whoever works it in its stage (a role, else its owner), or
-- while they are away their cover.
--
-- A loop that a change of hands opened is of a role, and theirs who have that one: one more row each role that
-- somebody has, and one of the owner where somebody else works the account. All other loops are of none ('').
with worked as (
  select
    o.as_of,
    o.account,
    o.person as owner,
    o.pool as owner_pool,
    case when k.account is null then o.person else k.person end as person,
    case when k.account is null then o.pool else k.pool end as pool
  from account_as_of o
  left join worker_as_of k on k.as_of = o.as_of and k.account = o.account
),
owing as (
  select as_of, account, '' as role, person, pool from worked
  union all by name
  select as_of, account, 'owner' as role, owner as person, owner_pool as pool
  from worked
  where (owner is not null or owner_pool is not null)
    and (owner is distinct from person or owner_pool is distinct from pool)
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
