-- The usage rows of accounts that were merged into another, which has not taken them in yet: its usage is
-- the sum, each corrected by its own later rows.
select
  account,
  merged,
  cast(date_diff('day', date '1970-01-05', week_on) / 7 as INTEGER) as week,
  cast(value as FLOAT) as value,
  visible_at
from (
  from usage where visible_at >= $carried_until
  union all
  from usage where visible_at < $carried_until and week_on > $carried_week_on
)
where merged is not null
  and measure = (select measure from usage_measure)
  and visible_at < $last_ends_at
