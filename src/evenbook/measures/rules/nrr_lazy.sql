-- measure: nrr_lazy
-- label:   Lazy NRR (not a retention)
-- unit:    share of the revenue at the start, 1 is level
-- better:  neither
-- window:  52 weeks up to the as-of day (policy)
-- empty:   without revenue at the start there is no value, not zero
-- edges:   what an ARR bridge gives: growth of customers won inside the window leaks in; it stands
--          beside NRR only to show by how much the two differ
-- fold:    revenue at the start and all growth and loss in the window ÷ revenue at the start
-- by:      all
with detail as (
  select as_of, account, start_cents + flow_cents as part, start_cents as whole
  from retention_as_of
  where start_cents > 0 or flow_cents <> 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
