-- Which tier served each account from when until when, to the instant.
--
-- A tier that someone set holds from when it could be seen. Where none is set, the tier that is assumed
-- at the end of a week holds for that week. Of accounts that were told no tier since the carry, only the
-- spell that goes on is there.
with learning as (
  select distinct account
  from account_value
  where name = 'tier' and visible_at >= $carried_until and visible_at < $last_ends_at
),
said as (
  select
    account,
    value,
    happened_at,
    row_id,
    visible_at,
    max(happened_at) over (partition by account order by visible_at, row_id) as newest_at
  from account_value semi join learning using (account)
  where name = 'tier' and visible_at < $last_ends_at
),
timeline as (
  select account, visible_at as from_at, try_cast(arg_max(value, (happened_at, row_id)) as BIGINT) as tier
  from said
  where happened_at >= newest_at
  group by account, visible_at
)
select
  account,
  tier,
  from_at,
  lead(from_at, 1, timestamp '9999-01-01') over (partition by account order by from_at) as until_at
from timeline
qualify tier between 1 and 4
union all by name
select account, try_cast(tier as BIGINT) as tier, timestamp '0001-01-01' as from_at, until_at
from value_spell anti join learning using (account)
where try_cast(tier as BIGINT) between 1 and 4 and until_at = timestamp '9999-01-01'
union all by name
select t.account, t.tier, w.starts_at as from_at, w.ends_at as until_at
from tier_as_of t
join weeks w on w.as_of = t.as_of
where t.assumed
