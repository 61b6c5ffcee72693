-- The usage rows that the detector has not taken in yet: all of them on a full run; on a run that
-- goes on from a carry, the weeks after it and whatever became known of earlier weeks since. What merged
-- accounts bring stands apart, in `usage_merged`.
select
  account,
  cast(date_diff('day', date '1970-01-05', week_on) / 7 as INTEGER) as week,
  cast(value as FLOAT) as value,
  visible_at
from (
  from usage where visible_at >= $carried_until
  union all
  from usage where visible_at < $carried_until and week_on > $carried_week_on
)
where merged is null
  and measure = (select measure from usage_measure)
  and visible_at < $last_ends_at
