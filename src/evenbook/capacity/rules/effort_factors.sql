-- Each factor of each account's effort with its level, its multiplier and its cause in words, as JSON
-- in the order of the policy: what a page opens an effort into.
--
-- For the last of the days alone: words are made for the day that a run is of. Each level's part up to
-- the cause is written once (`said`), which is three times cheaper than a document an account; causes
-- are made of words, numbers and dates and need no escapes.
with levels as (
  select
    factor, level, at_least,
    concat('{"factor":', to_json(factor), ',"level":', to_json(level), ',"multiplier":', to_json(multiplier), ',"cause":"')
      as said
  from policy_capacity_multipliers
),
steps as (
  select m.factor, n.range as n, arg_max(m.said, m.at_least) as said
  from range(0, 101) n
  join levels m on m.at_least <= n.range
  group by m.factor, n.range
),
switches as (
  select
    max(said) filter (factor = 'regulated' and level = 'yes') as regulated,
    max(said) filter (factor = 'regulated' and level = 'no') as not_regulated,
    max(said) filter (factor = 'signals' and level = 'dense') as dense_signals,
    max(said) filter (factor = 'signals' and level = 'usual') as usual_signals,
    max(said) filter (factor = 'sentiment' and level = 'falling') as falling,
    max(said) filter (factor = 'sentiment' and level = 'steady') as steady,
    max(said) filter (factor = 'follow_ups' and level = 'dense') as dense_follow_ups,
    max(said) filter (factor = 'follow_ups' and level = 'usual') as usual_follow_ups
  from levels
)
select
  e.as_of,
  e.account,
  concat(
    '[',
    stage.said,
    case
      when e.stage = 'renewal' and a.renews_on is not null
        then 'renews on ' || strftime(a.renews_on, '%-d %b %Y')
      when e.stage = a.stage then 'as set in the records'
      when a.started_at is null then 'no start is known'
      else 'started on ' || strftime(a.started_at, '%-d %b %Y')
    end,
    '"},',
    stakeholder.said,
    e.stakeholders, case when e.stakeholders = 1 then ' active contact in ' else ' active contacts in ' end,
    cast($capacity_stakeholder_days as INTEGER), ' days',
    '"},',
    complexity.said,
    case
      when a.complexity is not null then 'as set in the records'
      when x.points is null then 'nothing known of it, taken as usual'
      else concat(
        x.points, case when x.points = 1 then ' point' else ' points' end, ' for integrations, use cases and contacts'
      )
    end,
    '"},',
    product.said,
    e.products, case when e.products = 1 then ' product' else ' products' end, ' under contract',
    '"},',
    case when e.regulated then w.regulated else w.not_regulated end,
    case when e.regulated then 'as set in the records' else 'not marked as regulated' end,
    '"},',
    trajectory.said,
    case
      when e.trajectory = 'steady' then 'no bad state'
      else concat(replace(e.trajectory, '_', ' '), ' since ' || strftime(z.since_on, '%-d %b %Y'))
    end,
    '"},',
    expansion.said,
    case e.expansion
      when 'active' then 'an open opportunity in an active cycle'
      when 'qualified' then 'an open opportunity'
      when 'emerging' then 'products not owned, or a feature asked for again'
      else 'no opportunity open'
    end,
    '"},',
    case when e.dense_signals then w.dense_signals else w.usual_signals end,
    case
      when e.dense_signals then concat(
        cast(d.signals as BIGINT), ' signals in ', cast($capacity_dense_weeks as INTEGER), ' weeks, top of tier ', e.tier
      )
      else concat('not in the top of tier ', e.tier)
    end,
    '"},',
    case when e.falling_sentiment then w.falling else w.steady end,
    case when e.falling_sentiment then 'scored calls fall or are negative' else 'no fall in scored calls' end,
    '"},',
    case when e.dense_follow_ups then w.dense_follow_ups else w.usual_follow_ups end,
    case
      when e.dense_follow_ups
        then format('{:.1f} follow-ups a meaningful interaction, top of tier {}', d.follow_ups, e.tier)
      else concat('not in the top of tier ', e.tier)
    end,
    '"}]'
  ) as factors
from effort_as_of e
cross join switches w
join account_as_of a on a.as_of = e.as_of and a.account = e.account
left join complexity_as_of x on x.as_of = e.as_of and x.account = e.account
left join state_as_of z on z.as_of = e.as_of and z.account = e.account
left join density_as_of d on d.as_of = e.as_of and d.account = e.account
join levels stage on stage.factor = 'stage' and stage.level = e.stage
join levels trajectory on trajectory.factor = 'trajectory' and trajectory.level = e.trajectory
join levels expansion on expansion.factor = 'expansion' and expansion.level = e.expansion
join steps stakeholder on stakeholder.factor = 'stakeholders' and stakeholder.n = e.stakeholders
join steps complexity on complexity.factor = 'complexity' and complexity.n = e.complexity
join steps product on product.factor = 'products' and product.n = e.products
where e.as_of = (select max(as_of) from weeks)
