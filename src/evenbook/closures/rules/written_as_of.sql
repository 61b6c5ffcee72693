-- The last artifact of each kind that an account's tier asks for, as of each day.
--
-- `place` orders artifacts: by the second in which they were written, then by the row. What was known
-- before the first day is folded into one row an account and kind. A version that was replaced later
-- (`hidden_at`) counts while it held.
with kinds as (
  select kind, row_number() over (order by kind) as k from (select distinct kind from policy_closures_requirements)
),
asked as (
  select t.as_of, w.ends_at, t.account, r.kind, n.k
  from tier_as_of t
  join weeks w on w.as_of = t.as_of
  join policy_closures_requirements r on r.tier = t.tier
  join kinds n on n.kind = r.kind
),
placed as (
  select
    account, k, visible_at, hidden_at,
    cast(epoch(happened_at) as BIGINT) * 4294967296 + row_id as place
  from artifact join kinds using (kind)
),
folded as (
  select
    account,
    k,
    greatest(visible_at, $first_ends_at - interval 1 microsecond) as from_at,
    max(place) as place
  from placed
  where hidden_at is null
  group by account, k, from_at
),
ordered as (
  select *, max(place) over (partition by account, k order by from_at) as last_place from folded
),
lasting as (
  select
    account, k, place, from_at,
    lead(from_at, 1, timestamp '9999-01-01') over (partition by account, k order by from_at) as until_at
  from ordered
  where place >= last_place
),
replaced as (
  select k.as_of, k.account, k.k, max(v.place) as place
  from asked k
  join placed v
    on v.hidden_at is not null
    and v.account = k.account and v.k = k.k and v.visible_at < k.ends_at and v.hidden_at >= k.ends_at
  group by k.as_of, k.account, k.k
),
latest as (
  select k.as_of, k.account, k.kind, greatest(l.place, r.place) as place
  from asked k
  left join lasting l
    on l.account = k.account and l.k = k.k and l.from_at < k.ends_at and l.until_at >= k.ends_at
  left join replaced r on r.as_of = k.as_of and r.account = k.account and r.k = k.k
)
select
  as_of,
  account,
  kind,
  cast(make_timestamp((place >> 32) * 1000000) as DATE) as written_on,
  place & 4294967295 as artifact
from latest
where place is not null
