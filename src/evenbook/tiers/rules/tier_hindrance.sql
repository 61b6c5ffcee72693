-- What keeps a move of `tier_move` from being made now, as of each day: one row a hindrance, with since
-- when it is there and until when it holds; without an end it holds as long as it is there.
--
-- Down, never during an active issue (an open escalation, a red state, an open severe ticket), nor within
-- the days of policy after a negative event (an escalation, a red state, a contraction, a detractor's score),
-- nor of an account that is not stable and simple, or about to grow. Either way: a lock, a move that is too
-- young, a proposal that somebody declined and whose grounds are the same.
with falling as (
  select m.*, w.ends_at, w.ends_at - to_days(cast($moves_event_days as INTEGER)) as lately
  from tier_move m
  join weeks w on w.as_of = m.as_of
  where m.direction = 'down'
),
moving as (
  select m.*, w.ends_at
  from tier_move m
  join weeks w on w.as_of = m.as_of
),
tickets as (
  select f.as_of, f.account, f.ends_at, f.lately, t.priority, t.happened_at, t.escalated_at, t.solved_at, t.by_hand
  from falling f
  join ticket t
    on t.account = f.account
    and t.visible_at < f.ends_at
    and coalesce(t.hidden_at, timestamp '9999-01-01') >= f.ends_at
),
cuts as (
  select f.as_of, f.account, m.happened_at
  from falling f
  join movement m on m.account = f.account and m.visible_at < f.ends_at and m.happened_at >= f.lately
  where m.kind in ('contraction', 'expansion')
  group by f.as_of, f.account, m.happened_at
  having sum(m.change_cents) < 0
),
found as (
  select as_of, account, 'escalation_open' as kind, cast(max(escalated_at) as DATE) as since_on, cast(null as DATE) as until_on
  from tickets
  where escalated_at < ends_at and coalesce(solved_at, timestamp '9999-01-01') >= ends_at
  group by as_of, account
  union all
  select as_of, account, 'ticket_open', cast(max(happened_at) as DATE), null
  from tickets
  where by_hand is not true
    and escalated_at is null
    and coalesce(solved_at, timestamp '9999-01-01') >= ends_at
    and lower(priority) in (select lower(value) from policy_moves_severe_priorities)
  group by as_of, account
  union all
  select f.as_of, f.account, 'red', null, null
  from falling f
  join standing_as_of s on s.as_of = f.as_of and s.account = f.account
  where s.color = 'red'
  union all
  select as_of, account, 'escalation', cast(max(escalated_at) as DATE), cast(max(escalated_at) as DATE) + cast($moves_event_days as INTEGER)
  from tickets
  where escalated_at < ends_at and escalated_at >= lately
  group by as_of, account
  union all
  select as_of, account, 'red_lately', red_on, red_on + cast($moves_event_days as INTEGER)
  from falling
  where red_on < as_of and red_on + cast($moves_event_days as INTEGER) > as_of
  union all
  select as_of, account, 'contraction', cast(max(happened_at) as DATE), cast(max(happened_at) as DATE) + cast($moves_event_days as INTEGER)
  from cuts
  group by as_of, account
  union all
  select f.as_of, f.account, 'detractor', cast(max(s.happened_at) as DATE), cast(max(s.happened_at) as DATE) + cast($moves_event_days as INTEGER)
  from falling f
  join score s
    on s.account = f.account
    and s.visible_at < f.ends_at
    and coalesce(s.hidden_at, timestamp '9999-01-01') >= f.ends_at
    and s.happened_at >= f.lately
  where s.kind in ('nps', 'csat', 'ces') and s.value <= $signals_detractor_at_most
  group by f.as_of, f.account
  union all
  select as_of, account, 'unsettled', unsettled_on, unsettled_on + 7 * cast($moves_stable_weeks as INTEGER)
  from falling
  where unsettled_on + 7 * cast($moves_stable_weeks as INTEGER) > as_of and coalesce(red_on <> as_of, true)
  union all
  select as_of, account, 'complex', null, null from falling where complexity > $moves_simple_complexity
  union all
  select as_of, account, 'growing', null, null from falling where expansions > 0
  union all
  select m.as_of, m.account, 'locked', cast(max(l.visible_at) as DATE), null
  from moving m
  join tier_lock l
    on l.account = m.account
    and l.visible_at < m.ends_at
    and coalesce(l.hidden_at, timestamp '9999-01-01') >= m.ends_at
  group by m.as_of, m.account
  union all
  select as_of, account, 'young', tier_since_on, tier_since_on + cast($moves_stay_days as INTEGER)
  from moving
  where tier_since_on + cast($moves_stay_days as INTEGER) > as_of and grounds not like '%strategic%'
  union all
  select m.as_of, m.account, 'declined', cast(max(d.visible_at) as DATE), cast(max(d.visible_at) as DATE) + cast($moves_decline_days as INTEGER)
  from moving m
  join tier_decline d
    on d.account = m.account
    and d.to_tier = m.to_tier
    and d.grounds = m.grounds
    and d.visible_at < m.ends_at
    and coalesce(d.hidden_at, timestamp '9999-01-01') >= m.ends_at
    and cast(d.visible_at as DATE) + cast($moves_decline_days as INTEGER) > m.as_of
    and coalesce(abs(m.arr_cents - d.arr_cents) <= $moves_margin_share * d.arr_cents, true)
  group by m.as_of, m.account
)
select as_of, account, kind, since_on, until_on
from found
where until_on is null or until_on > as_of
