-- measure: renewal_rate
-- label:   Gross renewal rate
-- unit:    share of the revenue that came due, 0 to 1
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   where no contract came due, or none is on record, there is no value
-- edges:   customers with a contract that came due in the window, with all they paid at its start;
--          each counts with at most that; a multi-year contract that was not due is in neither sum
-- fold:    revenue kept ÷ revenue that came due, in the organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, person, pool, tier, segment,
    least(end_cents, due_start_cents) as part,
    due_start_cents as whole
  from retention_as_of
  where due_start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
