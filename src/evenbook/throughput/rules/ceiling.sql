-- measure: ceiling
-- label:   Ceiling of strategic interactions
-- unit:    strategic interactions a week and person
-- better:  neither
-- window:  the as-of day
-- empty:   nobody with a ceiling gives no value
-- edges:   that of the role or of the tier that takes most of the person's hours (policy), times ramp and
--          working share; leave does not cut it
-- fold:    strategic interactions a week that can be held well ÷ people present
-- by:      csm, team, all
with detail as (
  select
    as_of, cast(null as BIGINT) as account, person, role, cast(ceiling as DECIMAL(18, 6)) as part, 1 as whole
  from ceiling_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
