-- measure: logo
-- label:   Logo retention
-- unit:    share of the cohort's customers, 0 to 1
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without customers gives no value, not zero
-- edges:   a customer stays who is active and pays at the end; one that left and came back within
--          the window stayed; one that came back after paying nothing at the start is not counted
-- fold:    customers that stayed ÷ customers at the start
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, cast(stayed as BIGINT) as part, 1 as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
