-- The last artifact of each kind that an account's tier asks for, as of each day.
--
-- `place` orders artifacts: by the second in which they were written, then by the row. What was known
-- before the first day is folded into one row an account and kind. A version that was replaced later
-- (`hidden_at`) counts while it held.
with asked as (
  select t.as_of, w.ends_at, t.account, r.kind
  from tier_as_of t
  join weeks w on w.as_of = t.as_of
  join policy_closures_requirements r on r.tier = t.tier
),
placed as (
  select
    account, kind, visible_at, hidden_at,
    cast(epoch(happened_at) as BIGINT) * 4294967296 + row_id as place
  from artifact
),
folded as (
  select
    account,
    kind,
    greatest(visible_at, (select min(ends_at) from weeks) - interval 1 microsecond) as from_at,
    max(place) as place
  from placed
  where hidden_at is null
  group by account, kind, from_at
),
ordered as (
  select *, max(place) over (partition by account, kind order by from_at) as last_place from folded
),
lasting as (
  select
    account, kind, place, from_at,
    lead(from_at, 1, timestamp '9999-01-01') over (partition by account, kind order by from_at) as until_at
  from ordered
  where place >= last_place
),
replaced as (
  select k.as_of, k.account, k.kind, max(v.place) as place
  from asked k
  join placed v
    on v.hidden_at is not null
    and v.account = k.account and v.kind = k.kind and v.visible_at < k.ends_at and v.hidden_at >= k.ends_at
  group by k.as_of, k.account, k.kind
),
latest as (
  select k.as_of, k.account, k.kind, greatest(l.place, r.place) as place
  from asked k
  left join lasting l
    on l.account = k.account and l.kind = k.kind and l.from_at < k.ends_at and l.until_at >= k.ends_at
  left join replaced r on r.as_of = k.as_of and r.account = k.account and r.kind = k.kind
)
select
  as_of,
  account,
  kind,
  cast(make_timestamp((place >> 32) * 1000000) as DATE) as written_on,
  place & 4294967295 as artifact
from latest
where place is not null
