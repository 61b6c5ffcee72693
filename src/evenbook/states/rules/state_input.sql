-- What the state machine reads of each account and day: its usage, its points, its age, its churn.
select
  a.as_of,
  a.account,
  a.active,
  date_diff('day', cast(a.started_at as DATE), a.as_of) as age_days,
  coalesce(u.seen, false) as seen,
  coalesce(u.ready, false) as ready,
  u.usual,
  u.recent,
  u.score_short,
  u.seen_sum,
  u.exposure,
  u.exposure_squares,
  u.dispersion,
  coalesce(u.mean12, 0) as mean12,
  coalesce(u.zero_weeks, 0) as zero_weeks,
  coalesce(u.weeks_seen, 0) as weeks_seen,
  coalesce(100 - c.score, 0) as points
from account_as_of a
left join usage_reading u on u.as_of = a.as_of and u.account = a.account
left join score_as_of c on c.as_of = a.as_of and c.account = a.account
where a.started_at is null or a.started_at < a.ends_at
