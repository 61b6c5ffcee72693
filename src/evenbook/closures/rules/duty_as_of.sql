-- Who owes what is open of each account as of each day: its owner, or while they are away their cover.
select
  o.as_of,
  o.account,
  case when a.is_away and not c.is_away then c.person else o.person end as person,
  o.pool
from owner_as_of o
left join capacity_as_of a on a.as_of = o.as_of and a.person = o.person
left join capacity_as_of c on c.as_of = o.as_of and c.person = a.cover
