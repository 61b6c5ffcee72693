-- The usage rows that the detector has not taken in yet: all of them on a full run; on a run that
-- goes on from a carry, the weeks after it and whatever became known of earlier weeks since. What merged
-- accounts bring stands apart, in `usage_merged`.
select
  u.account,
  cast(date_diff('day', date '1970-01-05', u.week_on) / 7 as INTEGER) as week,
  cast(u.value as FLOAT) as value,
  u.visible_at
from usage u
cross join usage_mark m
where u.merged is null
  and u.measure = (select measure from usage_measure)
  and (u.week_on > m.week_on or u.visible_at >= m.ends_at)
  and u.visible_at < (select max(ends_at) from weeks)
