-- Who owes what is open of each account as of each day: whoever works it in its stage (a role, else its owner), or
-- while they are away their cover.
with working as (
  select
    o.as_of,
    o.account,
    case when k.account is null then o.person else k.person end as person,
    case when k.account is null then o.pool else k.pool end as pool
  from account_as_of o
  left join worker_as_of k on k.as_of = o.as_of and k.account = o.account
)
select
  o.as_of,
  o.account,
  case when a.is_away and not c.is_away then c.person else o.person end as person,
  o.pool
from working o
left join capacity_as_of a on a.as_of = o.as_of and a.person = o.person
left join capacity_as_of c on c.as_of = o.as_of and c.person = a.cover
