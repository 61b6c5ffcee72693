-- The last meaningful interaction of each account as of each day, whoever of the team had it.
with folded as (
  select account, from_at, max(meaningful_at) as happened_at
  from heard
  where until_at is null and meaningful_at is not null
  group by account, from_at
),
lasting as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over so_far as until_at,
    max(happened_at) over so_far as happened_at
  from folded
  window so_far as (partition by account order by from_at)
),
replaced as (
  select account, from_at, until_at, meaningful_at as happened_at
  from heard
  where until_at is not null and meaningful_at is not null
)
select w.as_of, t.account, max(t.happened_at) as last_meaningful_at
from weeks w
join (from lasting union all by name from replaced) t on t.from_at < w.ends_at and t.until_at >= w.ends_at
group by w.as_of, t.account
