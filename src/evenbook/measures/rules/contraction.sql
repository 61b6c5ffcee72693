-- measure: contraction
-- label:   Contraction of the cohort
-- unit:    share of the cohort's revenue at the start, 0 to 1
-- better:  down
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   what each customer that still pays pays less than at the start; one that left is churn,
--          not contraction
-- fold:    loss of customers that stayed ÷ revenue at the start, in the organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, case when end_cents > 0 then start_cents - kept_cents else 0 end as part, start_cents as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
