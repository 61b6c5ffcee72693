-- measure: strategic
-- label:   Strategic interactions against the ceiling
-- unit:    share of the ceiling, 1 is at it
-- better:  neither
-- window:  the 7 days up to the end of the as-of day
-- empty:   a person without a ceiling has no value
-- edges:   held with the customer present for 15 minutes or more (policy), by whoever held it; the ceiling
--          is that of the role or of the tier that takes most hours, times ramp and working share
-- fold:    strategic interactions held in the week ÷ strategic interactions a week that can be held well
-- by:      csm, team, all
with detail as (
  select
    h.as_of, h.account, h.person, h.kind, h.minutes, h.happened_at,
    cast(1 as DECIMAL(18, 6)) as part, cast(0 as DECIMAL(18, 6)) as whole
  from held_as_of h
  join ceiling_as_of c on c.as_of = h.as_of and c.person = h.person
  where h.in_week and h.is_strategic
  union all
  select as_of, null, person, 'ceiling', null, null, 0, cast(ceiling as DECIMAL(18, 6))
  from ceiling_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
