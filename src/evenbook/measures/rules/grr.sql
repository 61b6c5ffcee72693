-- measure: grr
-- label:   Gross revenue retention
-- unit:    share of the cohort's revenue at the start, 0 to 1
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   each customer counts with at most what it paid at the start, so that no growth hides a
--          loss; new and returned customers are in neither sum
-- fold:    revenue kept ÷ revenue at the start, in the organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, kept_cents as part, start_cents as whole
  from retention_as_of
  where start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
