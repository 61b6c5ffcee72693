-- measure: expansion
-- label:   Expansion of the cohort
-- unit:    share of the cohort's revenue at the start, 0 and more
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   what each customer pays at the end above what it paid at the start; what one product
--          lost and another won is one figure of the customer; new and returned customers are in
--          neither sum
-- fold:    growth per customer ÷ revenue at the start, in the organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, end_cents - kept_cents as part, start_cents as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
