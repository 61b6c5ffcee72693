-- The last scores of each account from outside, as of each day: health, and the last survey answer.
with given as (
  select
    account,
    case when kind = 'health' then 'health' else 'survey' end as kind,
    value,
    happened_at,
    visible_at,
    coalesce(hidden_at, timestamp '9999-01-01') as hidden_at
  from score
  where kind in ('health', 'nps', 'csat', 'ces')
    and happened_at >= $first_ends_at - to_days(cast($signals_score_fresh_days as INTEGER))
)
select
  w.as_of,
  g.account,
  arg_max(g.value, (g.happened_at, g.value)) filter (g.kind = 'health') as health,
  max(g.happened_at) filter (g.kind = 'health') as health_at,
  arg_max(g.value, (g.happened_at, g.value)) filter (g.kind = 'survey') as survey,
  max(g.happened_at) filter (g.kind = 'survey') as survey_at
from weeks w
join given g
  on g.visible_at < w.ends_at
  and g.hidden_at >= w.ends_at
  and g.happened_at >= w.ends_at - to_days(cast($signals_score_fresh_days as INTEGER))
group by w.as_of, g.account
