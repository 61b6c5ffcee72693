-- The states of the detector that this run goes on from: the newest one carried, and the ones before
-- it as far back as a week became known since.
with since as (
  select min(week) as week from usage_taken where visible_at >= $carried_until
  union all
  select cast(date_diff('day', date '1970-01-05', min(week_on)) / 7 as INTEGER)
  from feed
  where visible_at >= $carried_until and measure = (select measure from usage_measure)
)
select *
from usage_carry
where carried_week >= least((select max(carried_week) from usage_carry), (select min(week) - 1 from since))
