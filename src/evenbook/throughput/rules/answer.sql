-- What answers a risk: a meaningful interaction with the account, one of the written artifacts that policy
-- lists, or what somebody says by hand of its row of the hot sheet: that they are on it, that it is saved, or
-- that it is a false alarm, and why. To open a row is to see it, and a bulk review is no answer.
select account, happened_at, visible_at, hidden_at
from held
where is_meaningful
union all
select a.account, a.happened_at, a.visible_at, a.hidden_at
from artifact a
join policy_throughput_answers k on k.value = a.kind
where a.happened_at >= $first_ends_at - to_days(cast($throughput_detection_days as INTEGER))
union all
select account, happened_at, visible_at, hidden_at
from hot_mark
where happened_at >= $first_ends_at - to_days(cast($throughput_detection_days as INTEGER))
