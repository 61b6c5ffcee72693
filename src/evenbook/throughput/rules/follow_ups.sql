-- measure: follow_ups
-- label:   Follow-ups per meeting
-- unit:    action items per meaningful interaction
-- better:  neither
-- window:  4 weeks up to the end of the as-of day (policy)
-- empty:   no meaningful interaction gives no value
-- edges:   a ratio of sums, not a mean of ratios; by whoever held the interaction
-- fold:    action items agreed ÷ meaningful interactions held
-- by:      csm, team, tier, segment, all
with detail as (
  select as_of, account, person, tier, segment, kind, happened_at, action_items as part, 1 as whole
  from held_as_of
  where is_meaningful
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
