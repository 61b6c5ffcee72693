-- measure: time_to_detect
-- label:   Time to risk detection
-- unit:    days
-- better:  down
-- window:  risks that could first be seen in the last 30 days (policy)
-- empty:   no risk in the window gives no value
-- edges:   from the first signal to the first meaningful interaction or written answer after it, whoever of
--          the team gave it; none is dropped: what is open passes its share on to what took longer, and to
--          the last counts the whole window (restricted mean); it is the figure of whoever had the account
--          when the signal first showed
-- fold:    days that each risk counts for ÷ risks
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, person, pool, tier, segment, signal, observed_at, surfaced_on, answered_at, window_days,
    days, answered, $throughput_detection_days as horizon_days, days as part, 1 as whole
  from detection_as_of
)
select as_of, restricted_mean(days, answered, $throughput_detection_days) as value, count(account) as count
from detail
group by as_of
