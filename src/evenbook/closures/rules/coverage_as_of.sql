-- Whether each active account is covered as of each day: nothing that is owed is missing or stale. It counts for
-- whoever works the account in its stage: a role on it, else its owner.
select
  a.as_of,
  a.account,
  k.person,
  k.pool,
  a.tier,
  o.arr_cents,
  coalesce(r.lacking, 0) = 0 as is_covered,
  coalesce(r.lacking, 0) as lacking
from tier_as_of a
join account_as_of o on o.as_of = a.as_of and o.account = a.account
join worker_as_of k on k.as_of = a.as_of and k.account = a.account
left join (
  select as_of, account, count(*) filter (status in ('missing', 'expired')) as lacking
  from requirement_as_of
  group by as_of, account
) r on r.as_of = a.as_of and r.account = a.account
where o.active and (o.started_at is null or o.started_at < o.ends_at)
