-- measure: effort_load
-- label:   Effort-weighted load
-- unit:    share of what the person can sustain, 1 is full
-- better:  neither
-- window:  the as-of day; availability over the 4 weeks that end on it (policy)
-- empty:   a person without capacity has no load; nothing is divided by zero
-- edges:   effort while the owner is away counts for the named cover; a pool's effort is shared by
--          the members present; what nobody carries is uncovered and in no one's load
-- fold:    effort carried, in hours a month ÷ capacity, in hours a month
-- by:      csm, team, all
with detail as (
  select
    as_of, account, pool, person, how, cast(hours as DECIMAL(18, 6)) as part, cast(0 as DECIMAL(18, 6)) as whole
  from carried_as_of
  where person is not null
  union all
  select as_of, null, null, person, 'capacity', 0, cast(capacity_hours as DECIMAL(18, 6))
  from load_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
