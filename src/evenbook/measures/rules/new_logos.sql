-- measure: new_logos
-- label:   Revenue of new customers
-- unit:    share of the cohort's revenue at the start, 0 and more
-- better:  up
-- window:  52 weeks up to the as-of day (policy)
-- empty:   a cohort without revenue at the start gives no value, not zero
-- edges:   customers who pay at the end and had paid nothing before the window; they stand beside
--          NRR, never in it; by owner, tier and segment as they are at the end
-- fold:    revenue of new customers at the end ÷ revenue at the start of the cohort, in the
--          organization's currency
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select as_of, account, person, pool, tier, segment, case when outside = 'new' then end_cents else 0 end as part, start_cents as whole
  from retention_as_of
  where start_cents > 0 or outside = 'new'
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
