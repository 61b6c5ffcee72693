-- Each factor of each account's effort with its level, its multiplier and its cause in words, as JSON
-- in the order of the policy: what a page opens an effort into.
--
-- For the last of the days alone: words are made for the day that a run is of.
with last as (
  select max(as_of) as as_of from weeks
),
told as (
  select
    e.*,
    a.started_at,
    a.renews_on,
    a.stage as set_stage,
    a.complexity as set_complexity,
    x.points,
    z.since_on,
    d.signals as signals_seen,
    d.follow_ups as follow_ups_seen
  from effort_as_of e
  join last on last.as_of = e.as_of
  join account_as_of a on a.as_of = e.as_of and a.account = e.account
  left join complexity_as_of x on x.as_of = e.as_of and x.account = e.account
  left join state_as_of z on z.as_of = e.as_of and z.account = e.account
  left join density_as_of d on d.as_of = e.as_of and d.account = e.account
),
factors as (
  select
    as_of, account, 1 as place, 'stage' as factor, stage as level,
    case
      when stage = 'renewal' and renews_on is not null then format('renews on {}', strftime(renews_on, '%-d %b %Y'))
      when stage = set_stage then 'as set in the records'
      when started_at is null then 'no start is known'
      else format('started on {}', strftime(started_at, '%-d %b %Y'))
    end as cause
  from told
  union all
  select
    as_of, account, 2, 'stakeholders', cast(stakeholders as VARCHAR),
    format(
      '{} active contact{} in {} days', stakeholders, case when stakeholders = 1 then '' else 's' end,
      cast($capacity_stakeholder_days as INTEGER)
    )
  from told
  union all
  select
    as_of, account, 3, 'complexity', cast(complexity as VARCHAR),
    case
      when set_complexity is not null then 'as set in the records'
      when points is null then 'nothing known of it, taken as usual'
      else format('{} point{} for integrations, use cases and contacts', points, case when points = 1 then '' else 's' end)
    end
  from told
  union all
  select
    as_of, account, 4, 'products', cast(products as VARCHAR),
    format('{} product{} under contract', products, case when products = 1 then '' else 's' end)
  from told
  union all
  select
    as_of, account, 5, 'regulated', case when regulated then 'yes' else 'no' end,
    case when regulated then 'as set in the records' else 'not marked as regulated' end
  from told
  union all
  select
    as_of, account, 6, 'trajectory', trajectory,
    case
      when trajectory = 'steady' then 'no bad state'
      when since_on is null then replace(trajectory, '_', ' ')
      else format('{} since {}', replace(trajectory, '_', ' '), strftime(since_on, '%-d %b %Y'))
    end
  from told
  union all
  select
    as_of, account, 7, 'expansion', expansion,
    case expansion
      when 'active' then 'an open opportunity in an active cycle'
      when 'qualified' then 'an open opportunity'
      when 'emerging' then 'products not owned, or a feature asked for again'
      else 'no opportunity open'
    end
  from told
  union all
  select
    as_of, account, 8, 'signals', case when dense_signals then 'dense' else 'usual' end,
    case
      when dense_signals then format(
        '{:.0f} signals in {} weeks, top of tier {}', signals_seen, cast($capacity_dense_weeks as INTEGER), tier
      )
      else format('not in the top of tier {}', tier)
    end
  from told
  union all
  select
    as_of, account, 9, 'sentiment', case when falling_sentiment then 'falling' else 'steady' end,
    case when falling_sentiment then 'scored calls fall or are negative' else 'no fall in scored calls' end
  from told
  union all
  select
    as_of, account, 10, 'follow_ups', case when dense_follow_ups then 'dense' else 'usual' end,
    case
      when dense_follow_ups then format(
        '{:.1f} follow-ups a meaningful interaction, top of tier {}', follow_ups_seen, tier
      )
      else format('not in the top of tier {}', tier)
    end
  from told
),
leveled as (
  select
    f.as_of, f.account, f.place, f.factor, f.cause,
    coalesce(m.level, n.level) as level,
    coalesce(m.multiplier, n.multiplier) as multiplier
  from factors f
  left join policy_capacity_multipliers m on m.factor = f.factor and m.at_least is null and m.level = f.level
  asof left join policy_capacity_multipliers n on n.factor = f.factor and n.at_least <= try_cast(f.level as DOUBLE)
)
select
  as_of,
  account,
  cast(
    to_json(
      list({'factor': factor, 'level': level, 'multiplier': multiplier, 'cause': cause} order by place)
    ) as VARCHAR
  ) as factors
from leveled
group by as_of, account
