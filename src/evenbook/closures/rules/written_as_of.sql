-- The last artifact of each kind that an account's tier asks for, as of each day.
--
-- A version that was replaced later counts while it held. The day is that where the organization works; that of
-- one so old that it is stale everywhere is that of UTC.
with asked as (
  select t.as_of, w.ends_at, t.account, r.kind, n.k
  from tier_as_of t
  join weeks w on w.as_of = t.as_of
  join policy_closures_requirements r on r.tier = t.tier
  join required_kind n on n.kind = r.kind
),
ordered as (
  select *, max(place) over (partition by account, k order by from_at) as last_place
  from written
  where until_at is null
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
  join written v
    on v.account = k.account and v.k = k.k and v.from_at < k.ends_at and v.until_at >= k.ends_at
  group by k.as_of, k.account, k.k
),
latest as (
  select k.as_of, k.account, k.kind, greatest(l.place, r.place) as place
  from asked k
  left join lasting l
    on l.account = k.account and l.k = k.k and l.from_at < k.ends_at and l.until_at >= k.ends_at
  left join replaced r on r.as_of = k.as_of and r.account = k.account and r.k = k.k
),
timed as (
  select
    as_of, account, kind,
    make_timestamp((place >> 32) * 1000000) as written_at,
    place & 4294967295 as artifact
  from latest
  where place is not null
)
select
  t.as_of,
  t.account,
  t.kind,
  cast(t.written_at as DATE)
    + case when t.written_at < d.starts_at then -1 when t.written_at >= d.ends_at then 1 else 0 end as written_on,
  t.artifact
from timed t
left join day_span d on d.day = cast(t.written_at as DATE)
