-- Who had which role on each account from when until when, to the instant, and whose it was before: its owner, and
-- whoever has a role besides.
--
-- Of accounts on which no role changed hands since the carry, only the spells that go on are there.
with moving as (
  select distinct account
  from ownership
  where visible_at >= $carried_until and visible_at < $last_ends_at
),
said as (
  select
    account,
    role,
    person,
    pool,
    happened_at,
    row_id,
    visible_at,
    max(happened_at) over (partition by account, role order by visible_at, row_id) as newest_at
  from ownership semi join moving using (account)
  where visible_at < $last_ends_at
),
timeline as (
  select
    account,
    role,
    visible_at as from_at,
    arg_max(struct_pack(person := person, pool := pool, since := happened_at), (happened_at, row_id)) as holder
  from said
  where happened_at >= newest_at
  group by account, role, visible_at
)
select
  account,
  role,
  holder.person as person,
  holder.pool as pool,
  holder.since as since_at,
  from_at,
  lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
  lag(holder) over following as before
from timeline
window following as (partition by account, role order by from_at)
union all by name
select
  account, 'owner' as role, person, pool, owner_since as since_at,
  timestamp '0001-01-01' as from_at,
  timestamp '9999-01-01' as until_at
from owner_as_of anti join moving using (account)
where as_of = (select max(as_of) from weeks)
union all by name
select
  account, role, person, pool, since_at,
  timestamp '0001-01-01' as from_at,
  timestamp '9999-01-01' as until_at
from role_as_of anti join moving using (account)
where as_of = (select max(as_of) from weeks)
