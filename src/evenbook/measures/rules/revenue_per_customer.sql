-- measure: revenue_per_customer
-- label:   Revenue per customer
-- unit:    organization's currency a year, minor units
-- better:  up
-- window:  the as-of day
-- empty:   without a customer that pays there is no value
-- edges:   customers who pay at the end, whenever they came
-- fold:    revenue at the end, in the organization's currency ÷ customers
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, end_cents as part, 1 as whole
  from retention_as_of
  where end_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
