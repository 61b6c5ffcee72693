-- measure: past_window
-- label:   Risks answered too late
-- unit:    share of the risks, 0 to 1
-- better:  down
-- window:  risks that could first be seen in the last 30 days (policy)
-- empty:   no risk whose days have passed gives no value
-- edges:   each kind of signal has its own days (policy); an open risk counts once its days have passed
-- fold:    risks not answered within their days ÷ risks that were answered or whose days have passed
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, person, pool, tier, segment, signal, observed_at, surfaced_on, answered_at, window_days,
    days,
    cast(days > window_days as BIGINT) as part,
    1 as whole
  from detection_as_of
  where answered or days > window_days
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
