-- Tickets of each account as of each day: in the last weeks, in the weeks before, open escalations.
--
-- Each ticket is an interval per count; a count on a day is intervals begun less intervals ended.
-- Edges before the first day are folded into one, so one day costs one pass.
with first as (
  select min(ends_at) as ends_at from weeks
),
spans as (
  select
    account,
    visible_at,
    least(coalesce(hidden_at, timestamp '9999-01-01'), happened_at + to_days(cast(7 * $signals_ticket_weeks as INTEGER)))
      as recent_until,
    greatest(visible_at, happened_at + to_days(cast(7 * $signals_ticket_weeks as INTEGER))) as normal_from,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      happened_at + to_days(cast(7 * ($signals_ticket_weeks + $signals_ticket_normal_weeks) as INTEGER))
    ) as normal_until,
    escalated_at,
    greatest(visible_at, escalated_at) as escalation_from,
    least(coalesce(hidden_at, timestamp '9999-01-01'), coalesce(solved_at, timestamp '9999-01-01')) as escalation_until
  from ticket
),
edges as (
  select account, visible_at as edge_at, 1 as recent, 0 as normal, 0 as escalations, null::TIMESTAMP as escalated_at
  from spans
  where recent_until > visible_at and recent_until >= (select ends_at from first)
  union all
  select account, recent_until, -1, 0, 0, null
  from spans
  where recent_until > visible_at and recent_until >= (select ends_at from first)
  union all
  select account, normal_from, 0, 1, 0, null
  from spans
  where normal_until > normal_from and normal_until >= (select ends_at from first)
  union all
  select account, normal_until, 0, -1, 0, null
  from spans
  where normal_until > normal_from and normal_until >= (select ends_at from first)
  union all
  select account, escalation_from, 0, 0, 1, escalated_at
  from spans
  where escalated_at is not null and escalation_until > escalation_from
  union all
  select account, escalation_until, 0, 0, -1, null
  from spans
  where escalated_at is not null and escalation_until > escalation_from
),
folded as (
  select
    account,
    case when edge_at < (select ends_at from first) then timestamp '0001-01-01' else edge_at end as from_at,
    sum(recent) as recent,
    sum(normal) as normal,
    sum(escalations) as escalations,
    max(escalated_at) as escalated_at
  from edges
  where edge_at < (select max(ends_at) from weeks)
  group by account, from_at
),
timeline as (
  select
    account,
    from_at,
    sum(recent) over so_far as recent,
    sum(normal) over so_far as normal,
    sum(escalations) over so_far as escalations,
    max(escalated_at) over so_far as escalated_at
  from folded
  window so_far as (partition by account order by from_at rows between unbounded preceding and current row)
)
select
  w.as_of,
  t.account,
  cast(t.recent as BIGINT) as tickets_recent,
  t.normal * $signals_ticket_weeks / $signals_ticket_normal_weeks as tickets_normal,
  cast(t.escalations as BIGINT) as open_escalations,
  case when t.escalations > 0 then t.escalated_at end as escalated_at
from weeks w
join account a on a.visible_at < w.ends_at
asof join timeline t on t.account = a.account and t.from_at < w.ends_at
where t.recent > 0 or t.normal > 0 or t.escalations > 0
