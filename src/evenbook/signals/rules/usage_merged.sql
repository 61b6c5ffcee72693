-- The usage rows of accounts that were merged into another, which has not taken them in yet: its usage is
-- the sum, each corrected by its own later rows.
select
  u.account,
  u.merged,
  cast(date_diff('day', date '1970-01-05', u.week_on) / 7 as INTEGER) as week,
  cast(u.value as FLOAT) as value,
  u.visible_at
from usage u
cross join usage_mark m
where u.merged is not null
  and u.measure = (select measure from usage_measure)
  and (u.week_on > m.week_on or u.visible_at >= m.ends_at)
  and u.visible_at < (select max(ends_at) from weeks)
