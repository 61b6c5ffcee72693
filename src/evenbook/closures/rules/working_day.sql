-- The days around the weeks asked for, by region, with how many working days there were up to each.
--
-- Nobody works on the days of the week that policy leaves free, nor on a public holiday of their region; a
-- person without a region, a pool and nobody keep no holidays (the empty region). So the n-th working day
-- after a day is the working day whose `number` is larger by n.
with region as (
  select '' as region
  union
  select region from person where region is not null
)
select
  r.region,
  c.day,
  k.value is not null and h.day is null as works,
  sum(cast(k.value is not null and h.day is null as INTEGER)) over (partition by r.region order by c.day) as number
from region r
cross join calendar c
left join policy_organization_working_days k on k.value = lower(strftime(c.day, '%a'))
left join (select distinct region, day from holiday) h on h.region = r.region and h.day = c.day
