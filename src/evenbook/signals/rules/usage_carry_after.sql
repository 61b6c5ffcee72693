-- The states of the detector that the next run may go on from: the last three, those that this run came
-- through and, where it came through fewer, carried ones from before.
with made as (
  select min(carried_week) as first_week, max(carried_week) as last_week from usage_state
)
from usage_state
union all by name
select c.*
from usage_carry c
cross join made m
where c.carried_week < coalesce(m.first_week, c.carried_week + 1)
  and c.carried_week > coalesce(m.last_week, (select max(carried_week) from usage_carry)) - 3
