-- Who owned each account as of each day: a person, a pool, or nobody.
with owning as (
  select account, person, pool, happened_at, visible_at, row_id from ownership where role = 'owner'
),
moving as (
  select account from owning where visible_at >= $first_ends_at group by account
),
settled as (
  select
    account,
    timestamp '0001-01-01' as visible_at,
    arg_max(struct_pack(person := person, pool := pool, since := happened_at), (happened_at, row_id)) as owner
  from owning
  where account not in (select account from moving)
  group by account
),
ordered as (
  select
    account, person, pool, happened_at, visible_at, row_id,
    max(happened_at) over (partition by account order by visible_at, row_id) as newest_at
  from owning
  where account in (select account from moving)
),
timeline as (
  select
    account,
    visible_at,
    arg_max(struct_pack(person := person, pool := pool, since := happened_at), (happened_at, row_id)) as owner
  from ordered
  where happened_at >= newest_at
  group by account, visible_at
  union all by name
  from settled
)
select
  w.as_of,
  t.account,
  t.owner.person as person,
  t.owner.pool as pool,
  t.owner.since as owner_since
from weeks w
join account a on a.visible_at < w.ends_at
asof join timeline t on t.account = a.account and t.visible_at < w.ends_at
