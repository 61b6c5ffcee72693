-- What was said of the attributes of each account, as spells: which values hold from when until when.
--
-- A value is in force when it happened last among those that could be seen by then (`place`: by the
-- second, then by the row); a late report of an older value changes nothing. What was known before
-- the first day is folded into one row an account (`opening`); only accounts that learn of a value
-- between the days have more (`changes`). Accounts of which nothing could be seen since the carry are as
-- the run before left them; of the others every value is read.
with learning as (
  select distinct account
  from account_value
  where visible_at >= $carried_until and visible_at < $last_ends_at
),
opening as (
  select
    account,
    timestamp '0001-01-01' as from_at,
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
    select *, cast(epoch(happened_at) as BIGINT) * 4294967296 + row_id as place
    from account_value semi join learning using (account)
  )
  where visible_at < $first_ends_at
  group by account
),
later as (
  select
    account, name, value, happened_at, visible_at,
    cast(epoch(happened_at) as BIGINT) * 4294967296 + row_id as place
  from account_value
  where visible_at >= $first_ends_at and visible_at < $last_ends_at
),
moving as (
  select distinct account, name from later
),
before as (
  select v.account, v.name, max(cast(epoch(v.happened_at) as BIGINT) * 4294967296 + v.row_id) as place
  from account_value v
  join moving m on m.account = v.account and m.name = v.name
  where v.visible_at < $first_ends_at
  group by v.account, v.name
),
ordered as (
  select
    l.*,
    greatest(
      max(l.place) over (partition by l.account, l.name order by l.visible_at, l.place), coalesce(b.place, l.place)
    ) as last_place
  from later l
  left join before b on b.account = l.account and b.name = l.name
),
changes as (
  select
    account,
    visible_at as from_at,
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
moved as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
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
  from (
    from changes
    union all by name
    select o.* from opening o where o.account in (select account from changes)
  )
  window
    seen as (partition by account order by from_at rows between unbounded preceding and current row),
    following as (partition by account order by from_at)
)
from moved
union all by name
select o.*, timestamp '9999-01-01' as until_at
from opening o
where o.account not in (select account from changes)
union all by name
select * replace (timestamp '0001-01-01' as from_at)
from value_spell_carry anti join learning using (account)
where until_at = timestamp '9999-01-01'
