-- measure: churned
-- label:   Revenue of customers who left
-- unit:    share of the cohort's revenue at the start, 0 to 1
-- better:  down
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   a customer who pays nothing at the end left with all it paid at the start; one that left
--          and came back within the window did not leave
-- fold:    revenue at the start of customers who left ÷ revenue at the start, in the organization's
--          currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, case when end_cents > 0 then 0 else start_cents - kept_cents end as part, start_cents as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
