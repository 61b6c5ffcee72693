-- The loops that are open at the end of the last day asked for, and who owes them.
with last_day as (
  select max(as_of) as as_of from weeks
)
select h.*, d.person, d.pool
from loop_held h
cross join last_day l
left join duty_as_of d on d.as_of = l.as_of and d.account = h.account
where h.closed_at is null and h.withdrawn_at is null
