-- The health score of each active account as of each day: 100 less the points of the signals that
-- stand, additive over at most eight terms. Of an account of which nothing is known there is no score.
with summed as (
  select as_of, account, sum(points) as points, bool_or(term = 'usage') as has_usage
  from score_point
  group by as_of, account
)
select
  w.as_of,
  w.account,
  case when w.weight > 0 then cast(greatest(0, 100 - coalesce(s.points, 0)) as DOUBLE) end as score,
  coalesce(s.has_usage, false) as has_usage,
  w.weight
from score_weight w
left join summed s on s.as_of = w.as_of and s.account = w.account
