-- measure: present
-- label:   Present in the week
-- unit:    share of the week's working days, 0 to 1
-- better:  neither
-- window:  the 7 days up to the as-of day
-- empty:   nobody on the team gives no value
-- edges:   leave and public holidays of the person's region are taken off; a week mostly away neither
--          lengthens nor ends a run over the ceiling
-- fold:    share of the working days present ÷ people
-- by:      csm, team, all
with detail as (
  select
    as_of, cast(null as BIGINT) as account, person, cast(week_availability as DECIMAL(18, 6)) as part, 1 as whole
  from capacity_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
