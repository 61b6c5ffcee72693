-- The hours a month that each active account is expected to take, as of each day, with its causes.
--
-- Base hours of the tier times the multiplier of each factor's level (policy); the product is divided
-- by the tier's mean where policy centers it, and capped. `person` or `pool` works the account; see
-- worker_as_of. `effort_factors` lists each factor with its level, multiplier and cause.
with stakeholder_steps as (
  select n.range as n, arg_max(m.multiplier, m.at_least) as multiplier
  from range(0, 101) n
  join policy_capacity_multipliers m on m.factor = 'stakeholders' and m.at_least <= n.range
  group by n.range
),
complexity_steps as (
  select cast(at_least as BIGINT) as n, multiplier from policy_capacity_multipliers where factor = 'complexity'
),
product_steps as (
  select n.range as n, arg_max(m.multiplier, m.at_least) as multiplier
  from range(0, 101) n
  join policy_capacity_multipliers m on m.factor = 'products' and m.at_least <= n.range
  group by n.range
),
switches as (
  select
    max(multiplier) filter (factor = 'regulated' and level = 'yes') as regulated,
    max(multiplier) filter (factor = 'regulated' and level = 'no') as not_regulated,
    max(multiplier) filter (factor = 'signals' and level = 'dense') as dense_signals,
    max(multiplier) filter (factor = 'signals' and level = 'usual') as usual_signals,
    max(multiplier) filter (factor = 'sentiment' and level = 'falling') as falling,
    max(multiplier) filter (factor = 'sentiment' and level = 'steady') as steady,
    max(multiplier) filter (factor = 'follow_ups' and level = 'dense') as dense_follow_ups,
    max(multiplier) filter (factor = 'follow_ups' and level = 'usual') as usual_follow_ups
  from policy_capacity_multipliers
),
falling as (
  select distinct as_of, account from signal_as_of where kind in ('sentiment_falling', 'sentiment_negative')
),
tagged as (
  select
    k.as_of,
    k.account,
    k.person,
    k.pool,
    t.tier,
    k.stage,
    least(greatest(coalesce(s.stakeholders, 0), 0), 100) as stakeholders,
    coalesce(c.complexity, cast($capacity_complexity_unknown as BIGINT)) as complexity,
    least(greatest(coalesce(a.products, 1), 0), 100) as products,
    a.regulated,
    case when z.state in ('declining', 'at_risk', 'silent', 'recovering') then z.state else 'steady' end as trajectory,
    coalesce(x.expansion, 'none') as expansion,
    d.signals is not null as dense_signals,
    f.account is not null as falling_sentiment,
    d.follow_ups is not null as dense_follow_ups
  from worker_as_of k
  join account_as_of a on a.as_of = k.as_of and a.account = k.account
  join tier_as_of t on t.as_of = k.as_of and t.account = k.account
  left join stakeholder_as_of s on s.as_of = k.as_of and s.account = k.account
  left join complexity_as_of c on c.as_of = k.as_of and c.account = k.account
  left join state_as_of z on z.as_of = k.as_of and z.account = k.account
  left join expansion_as_of x on x.as_of = k.as_of and x.account = k.account
  left join density_as_of d on d.as_of = k.as_of and d.account = k.account
  left join falling f on f.as_of = k.as_of and f.account = k.account
),
multiplied as (
  select
    g.*,
    b.hours as base_hours,
    stage.multiplier
      * stakeholder.multiplier
      * complexity.multiplier
      * product.multiplier
      * trajectory.multiplier
      * expansion.multiplier
      * case when g.regulated then w.regulated else w.not_regulated end
      * case when g.dense_signals then w.dense_signals else w.usual_signals end
      * case when g.falling_sentiment then w.falling else w.steady end
      * case when g.dense_follow_ups then w.dense_follow_ups else w.usual_follow_ups end as product
  from tagged g
  cross join switches w
  join policy_capacity_base_hours b on b.tier = g.tier
  join policy_capacity_multipliers stage on stage.factor = 'stage' and stage.level = g.stage
  join policy_capacity_multipliers trajectory on trajectory.factor = 'trajectory' and trajectory.level = g.trajectory
  join policy_capacity_multipliers expansion on expansion.factor = 'expansion' and expansion.level = g.expansion
  join stakeholder_steps stakeholder on stakeholder.n = g.stakeholders
  join complexity_steps complexity on complexity.n = g.complexity
  join product_steps product on product.n = g.products
),
means as (
  select as_of, tier, sum(cast(product as DECIMAL(18, 9))) / count(*) as mean
  from multiplied
  where $capacity_centered
  group by as_of, tier
)
select
  m.* exclude (product),
  round(m.product, 9) as product,
  coalesce(n.mean, 1) as tier_mean,
  round(least(m.product / coalesce(n.mean, 1), $capacity_max_multiplier), 9) as multiplier,
  round(m.base_hours * least(m.product / coalesce(n.mean, 1), $capacity_max_multiplier), 6) as hours
from multiplied m
left join means n on n.as_of = m.as_of and n.tier = m.tier
