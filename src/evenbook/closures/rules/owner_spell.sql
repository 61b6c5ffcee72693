-- Who owned each account from when until when, to the instant, and whose it was before.
--
-- Of accounts whose owner stayed since the carry, only the spell that goes on is there.
with moving as (
  select distinct account
  from ownership
  where role = 'owner' and visible_at >= $carried_until and visible_at < $last_ends_at
),
said as (
  select
    account,
    person,
    pool,
    happened_at,
    row_id,
    visible_at,
    max(happened_at) over (partition by account order by visible_at, row_id) as newest_at
  from ownership semi join moving using (account)
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
union all by name
select
  account, person, pool, owner_since as since_at,
  timestamp '0001-01-01' as from_at,
  timestamp '9999-01-01' as until_at
from owner_as_of anti join moving using (account)
where as_of = (select max(as_of) from weeks)
