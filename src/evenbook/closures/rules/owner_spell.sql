-- Who owned each account from when until when, to the instant, and whose it was before.
with said as (
  select
    account,
    person,
    pool,
    happened_at,
    row_id,
    visible_at,
    max(happened_at) over (partition by account order by visible_at, row_id) as newest_at
  from ownership
  where role = 'owner' and visible_at < $last_ends_at
),
timeline as (
  select
    account,
    visible_at as from_at,
    arg_max(struct_pack(person := person, pool := pool, since := happened_at), (happened_at, row_id)) as owner
  from said
  where happened_at >= newest_at
  group by account, visible_at
)
select
  account,
  owner.person as person,
  owner.pool as pool,
  owner.since as since_at,
  from_at,
  lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
  lag(owner) over following as before
from timeline
window following as (partition by account order by from_at)
