-- Follow-ups per meaningful interaction of each account over the last weeks (policy), as of each day.
-- Accounts without any have no row.
with window_days as (
  select cast(7 * $capacity_dense_weeks as INTEGER) as days
),
talks as (
  select
    account,
    coalesce(action_items, 0) as items,
    visible_at as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'), happened_at + to_days((select days from window_days))
    ) as until_at
  from recent_talk
  where is_meaningful
    and happened_at >= $first_ends_at - to_days((select days from window_days))
),
edges as (
  select account, from_at as edge_at, items, 1 as talks from talks where until_at > from_at
  union all
  select account, until_at as edge_at, -items as items, -1 as talks from talks where until_at > from_at
),
folded as (
  select
    account,
    greatest(edge_at, $first_ends_at - interval 1 microsecond) as from_at,
    sum(items) as items,
    sum(talks) as talks
  from edges
  where edge_at < $last_ends_at
  group by account, from_at
),
timeline as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
    sum(items) over following as items,
    sum(talks) over following as talks
  from folded
  window following as (partition by account order by from_at)
)
select w.as_of, t.account, t.items / t.talks as follow_ups
from weeks w
join timeline t on t.from_at < w.ends_at and t.until_at >= w.ends_at
where t.items > 0 and t.talks > 0
