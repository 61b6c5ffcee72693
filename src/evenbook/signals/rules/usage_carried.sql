-- The states of the detector that this run goes on from: the newest one carried, and the ones before
-- it as far back as a week became known since.
with since as (
  select min(t.week) as week
  from usage_taken t
  cross join usage_mark m
  where t.visible_at >= m.ends_at
  union all
  select cast(date_diff('day', date '1970-01-05', min(f.week_on)) / 7 as INTEGER)
  from feed f
  cross join usage_mark m
  where f.visible_at >= m.ends_at and f.measure = (select measure from usage_measure)
)
select c.*
from usage_carry c
where c.carried_week >= least((select max(carried_week) from usage_carry), (select min(week) - 1 from since))
