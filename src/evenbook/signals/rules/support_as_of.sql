-- Tickets of each account as of each day: in the last weeks, in the weeks before, open escalations.
-- An account without any of them has no row. One that a person opened here is an open escalation and no
-- ticket in the count: the customer's own ticket, if there is one, comes from the help desk.
--
-- Each ticket is an interval per count; a count on a day is intervals begun less intervals ended.
-- What stands at the first day is the opening balance; edges between the days follow as movements.
with spans as (
  select
    account,
    case when by_hand is not true then visible_at end as recent_from,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'), happened_at + to_days(cast(7 * $signals_ticket_weeks as INTEGER))
    ) as recent_until,
    case
      when by_hand is not true
        then greatest(visible_at, happened_at + to_days(cast(7 * $signals_ticket_weeks as INTEGER)))
    end as normal_from,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      happened_at + to_days(cast(7 * ($signals_ticket_weeks + $signals_ticket_normal_weeks) as INTEGER))
    ) as normal_until,
    escalated_at,
    case when escalated_at is not null then greatest(visible_at, escalated_at) end as escalation_from,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'), coalesce(solved_at, timestamp '9999-01-01')
    ) as escalation_until
  from ticket
  where (escalated_at is not null and coalesce(solved_at, timestamp '9999-01-01') >= $first_ends_at)
    or happened_at >= $first_ends_at
      - to_days(cast(7 * ($signals_ticket_weeks + $signals_ticket_normal_weeks) as INTEGER))
),
changes as (
  select
    s.account,
    timestamp '0001-01-01' as from_at,
    count(*) filter (s.recent_from < $first_ends_at and s.recent_until >= $first_ends_at) as recent,
    count(*) filter (s.normal_from < $first_ends_at and s.normal_until >= $first_ends_at) as normal,
    count(*) filter (s.escalation_from < $first_ends_at and s.escalation_until >= $first_ends_at) as escalations
  from spans s
  group by s.account
  union all
  select account, edge_at as from_at, recent, normal, escalations
  from (
    select account, recent_from as edge_at, 1 as recent, 0 as normal, 0 as escalations
    from spans where recent_until > recent_from
    union all
    select account, recent_until, -1, 0, 0 from spans where recent_until > recent_from
    union all
    select account, normal_from, 0, 1, 0 from spans where normal_until > normal_from
    union all
    select account, normal_until, 0, -1, 0 from spans where normal_until > normal_from
    union all
    select account, escalation_from, 0, 0, 1 from spans where escalation_until > escalation_from
    union all
    select account, escalation_until, 0, 0, -1 from spans where escalation_until > escalation_from
  )
  where edge_at >= $first_ends_at and edge_at < $last_ends_at
),
folded as (
  select account, from_at, sum(recent) as recent, sum(normal) as normal, sum(escalations) as escalations
  from changes
  group by account, from_at
),
timeline as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over so_far as until_at,
    sum(recent) over so_far as recent,
    sum(normal) over so_far as normal,
    sum(escalations) over so_far as escalations
  from folded
  window so_far as (partition by account order by from_at)
),
escalated as (
  select w.as_of, s.account, max(s.escalated_at) as escalated_at
  from weeks w
  join spans s on s.escalation_from < w.ends_at and s.escalation_until >= w.ends_at
  where s.escalated_at is not null
  group by w.as_of, s.account
)
select
  w.as_of,
  t.account,
  cast(t.recent as BIGINT) as tickets_recent,
  t.normal * $signals_ticket_weeks / $signals_ticket_normal_weeks as tickets_normal,
  cast(t.escalations as BIGINT) as open_escalations,
  e.escalated_at
from weeks w
join timeline t on t.from_at < w.ends_at and t.until_at >= w.ends_at
left join escalated e on e.as_of = w.as_of and e.account = t.account
where t.recent > 0 or t.normal > 0 or t.escalations > 0
