-- Who has each role on each account as of each day, besides its owner: a person or a pool. A role that nobody
-- has any more is not there, and most companies give none.
with given as (
  select account, role, person, pool, happened_at, visible_at, row_id from ownership where role <> 'owner'
),
ordered as (
  select *, max(happened_at) over (partition by account, role order by visible_at, row_id) as newest_at
  from given
),
timeline as (
  select
    account,
    role,
    visible_at,
    arg_max(struct_pack(person := person, pool := pool, since := happened_at), (happened_at, row_id)) as holder
  from ordered
  where happened_at >= newest_at
  group by account, role, visible_at
),
spells as (
  select
    account,
    role,
    holder,
    visible_at as from_at,
    lead(visible_at, 1, timestamp '9999-01-01') over (partition by account, role order by visible_at) as until_at
  from timeline
)
select
  w.as_of,
  s.account,
  s.role,
  s.holder.person as person,
  s.holder.pool as pool,
  s.holder.since as since_at
from spells s
join weeks w on w.ends_at > s.from_at and w.ends_at <= s.until_at
join account a on a.account = s.account and a.visible_at < w.ends_at
where s.holder.person is not null or s.holder.pool is not null
