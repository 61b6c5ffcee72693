-- The loops that are open at the end of the last day asked for, and who owes them.
with last_day as (
  select max(as_of) as as_of from weeks
)
select
  h.*,
  case when r.account is null then d.person else r.person end as person,
  case when r.account is null then d.pool else r.pool end as pool
from loop_held h
cross join last_day l
left join duty_as_of d on d.as_of = l.as_of and d.account = h.account and d.role = ''
left join duty_as_of r on r.as_of = l.as_of and r.account = h.account and r.role = h.role and r.role <> ''
where h.closed_at is null and h.withdrawn_at is null
