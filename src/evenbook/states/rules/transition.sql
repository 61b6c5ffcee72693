-- Each change of state with what caused it, in words: the machine's own cause, then the signals that
-- stood on that day.
with figures as (
  select
    *,
    format(if(coalesce(m.frozen, m.usual) between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), coalesce(m.frozen, m.usual)) as level_said,
    format(if(m.recent between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), m.recent) as recent_said
  from state_move m
  cross join usage_measure
),
said as (
  select
    *,
    case cause
      when 'first_seen' then 'first seen'
      when 'age' then 'by its age'
      when 'usage' then format('{} → {} {}, season taken out', level_said, recent_said, counted)
      when 'points' then format('{:.0f} points off the health score', points)
      when 'no_usage' then format('no usage for {:.0f} {}', zero_weeks, if(zero_weeks = 1, 'week', 'weeks'))
      when 'usage_back' then coalesce(
        format('{} {}, {} is usual', recent_said, counted, level_said), 'its signals have passed'
      )
      when 'recovered' then format(
        'no relapse for {}',
        if($states_recovering_weeks = 1, 'one week', format('{} weeks', cast($states_recovering_weeks as INTEGER)))
      )
      when 'rebased' then format('steady at {} {}: taken as its own level, a contraction', recent_said, counted)
      when 'churned' then 'churned'
      when 'returned' then 'bought again'
    end as says
  from figures
),
standing as (
  select
    m.happened_on,
    m.account,
    list({'kind': s.kind, 'text': json_extract_string(s.evidence, '$.text')} order by s.strength desc, s.kind) as causes
  from state_move m
  join signal_as_of s on s.as_of = m.happened_on and s.account = m.account
  where m.to_state in ('declining', 'at_risk', 'silent') and s.direction = 'risk' and s.kind not in ('usage_drop', 'usage_silent')
  group by m.happened_on, m.account
)
select
  s.happened_on,
  s.account,
  coalesce(s.from_state, '') as from_state,
  s.to_state,
  to_json(list_concat([{'kind': s.cause, 'text': s.says}], coalesce(g.causes, []))) as causes
from said s
left join standing g on g.happened_on = s.happened_on and g.account = s.account
