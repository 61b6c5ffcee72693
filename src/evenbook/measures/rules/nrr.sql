-- measure: nrr
-- label:   Net revenue retention
-- unit:    share of the cohort's revenue at the start, 1 is level
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   new and returned customers are in neither sum; a churned one counts as zero at the end;
--          by owner, tier and segment as they are at the end
-- fold:    revenue at the end ÷ revenue at the start, in the organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, end_cents as part, start_cents as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
