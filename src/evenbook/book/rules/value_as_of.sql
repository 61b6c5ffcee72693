-- The attributes of each account as of each day.
--
-- A value is in force when it happened last among those that could be seen by then (`place`: by the
-- instant, then by the row); a late report of an older value changes nothing. Accounts whose values
-- never change between the days take the short way (`settled`), which is nearly all of them when one
-- day is asked for.
with first as (
  select min(ends_at) as ends_at from weeks
),
moving as (
  select account from account_value where visible_at >= (select ends_at from first) group by account
),
settled as (
  select
    account,
    timestamp '0001-01-01' as visible_at,
    arg_max(value, place) filter (name = 'tier') as tier,
    arg_max(value, place) filter (name = 'segment') as segment,
    arg_max(value, place) filter (name = 'stage') as stage,
    arg_max(value, place) filter (name = 'region') as region,
    arg_max(value, place) filter (name = 'industry') as industry,
    arg_max(value, place) filter (name = 'products') as products,
    arg_max(value, place) filter (name = 'complexity') as complexity,
    arg_max(value, place) filter (name = 'regulated') as regulated,
    arg_max(value, place) filter (name = 'strategic') as strategic,
    arg_max(value, place) filter (name = 'seats') as seats,
    arg_max(value, place) filter (name = 'status') as status,
    max(happened_at) filter (name = 'status') as status_at,
    max(happened_at) filter (name = 'tier') as tier_since
  from (
    select *, cast(epoch_us(happened_at) as HUGEINT) * 1099511627776 + row_id as place from account_value
  )
  where account not in (select account from moving)
  group by account
),
ordered as (
  select
    account, name, value, place, happened_at, visible_at,
    max(place) over (partition by account, name order by visible_at, place) as last_place
  from (
    select *, cast(epoch_us(happened_at) as HUGEINT) * 1099511627776 + row_id as place from account_value
  )
  where account in (select account from moving)
),
changes as (
  select
    account,
    visible_at,
    arg_max(value, place) filter (name = 'tier') as tier,
    arg_max(value, place) filter (name = 'segment') as segment,
    arg_max(value, place) filter (name = 'stage') as stage,
    arg_max(value, place) filter (name = 'region') as region,
    arg_max(value, place) filter (name = 'industry') as industry,
    arg_max(value, place) filter (name = 'products') as products,
    arg_max(value, place) filter (name = 'complexity') as complexity,
    arg_max(value, place) filter (name = 'regulated') as regulated,
    arg_max(value, place) filter (name = 'strategic') as strategic,
    arg_max(value, place) filter (name = 'seats') as seats,
    arg_max(value, place) filter (name = 'status') as status,
    max(happened_at) filter (name = 'status') as status_at,
    max(happened_at) filter (name = 'tier') as tier_since
  from ordered
  where place >= last_place
  group by account, visible_at
),
timeline as (
  select
    account,
    visible_at,
    last_value(tier ignore nulls) over seen as tier,
    last_value(segment ignore nulls) over seen as segment,
    last_value(stage ignore nulls) over seen as stage,
    last_value(region ignore nulls) over seen as region,
    last_value(industry ignore nulls) over seen as industry,
    last_value(products ignore nulls) over seen as products,
    last_value(complexity ignore nulls) over seen as complexity,
    last_value(regulated ignore nulls) over seen as regulated,
    last_value(strategic ignore nulls) over seen as strategic,
    last_value(seats ignore nulls) over seen as seats,
    last_value(status ignore nulls) over seen as status,
    last_value(status_at ignore nulls) over seen as status_at,
    last_value(tier_since ignore nulls) over seen as tier_since
  from changes
  window seen as (partition by account order by visible_at rows between unbounded preceding and current row)
  union all by name
  from settled
)
select
  w.as_of,
  a.account,
  try_cast(t.tier as BIGINT) as tier,
  t.segment,
  t.stage,
  t.region,
  t.industry,
  try_cast(t.products as BIGINT) as products,
  try_cast(t.complexity as BIGINT) as complexity,
  coalesce(t.regulated in ('yes', 'true', '1'), false) as regulated,
  coalesce(t.strategic in ('yes', 'true', '1'), false) as strategic,
  try_cast(t.seats as BIGINT) as seats,
  t.status,
  t.status_at,
  t.tier_since
from weeks w
join account a on a.visible_at < w.ends_at
asof left join timeline t on t.account = a.account and t.visible_at < w.ends_at
