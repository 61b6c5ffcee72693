-- The last artifact of each kind that an account's tier asks for, as of each day.
--
-- What was known before the first day is folded into one row an account and kind. A version that was
-- replaced later (`hidden_at`) counts while it held. Of two of one instant the same one is always taken.
with asked as (
  select t.as_of, w.ends_at, t.account, r.kind
  from tier_as_of t
  join weeks w on w.as_of = t.as_of
  join policy_closures_requirements r on r.tier = t.tier
),
folded as (
  select
    account,
    kind,
    greatest(visible_at, (select min(ends_at) from weeks) - interval 1 microsecond) as from_at,
    max(happened_at) as happened_at,
    arg_max(artifact, epoch_ms(happened_at) * 1048576 + cast(hash(artifact) % 1048576 as BIGINT)) as artifact
  from artifact
  where hidden_at is null and kind in (select kind from policy_closures_requirements)
  group by account, kind, from_at
),
ordered as (
  select *, max(happened_at) over (partition by account, kind order by from_at) as newest_at from folded
),
lasting as (
  select
    account, kind, artifact, happened_at, from_at,
    lead(from_at, 1, timestamp '9999-01-01') over (partition by account, kind order by from_at) as until_at
  from ordered
  where happened_at >= newest_at
),
replaced as (
  select
    k.as_of, k.account, k.kind,
    max(v.happened_at) as happened_at,
    arg_max(v.artifact, (v.happened_at, hash(v.artifact))) as artifact
  from asked k
  join artifact v
    on v.hidden_at is not null
    and v.account = k.account and v.kind = k.kind and v.visible_at < k.ends_at and v.hidden_at >= k.ends_at
  group by k.as_of, k.account, k.kind
)
select
  k.as_of,
  k.account,
  k.kind,
  cast(case when r.happened_at > coalesce(l.happened_at, timestamp '0001-01-01') then r.happened_at else l.happened_at end as DATE)
    as written_on,
  case when r.happened_at > coalesce(l.happened_at, timestamp '0001-01-01') then r.artifact else l.artifact end
    as artifact
from asked k
left join lasting l
  on l.account = k.account and l.kind = k.kind and l.from_at < k.ends_at and l.until_at >= k.ends_at
left join replaced r on r.as_of = k.as_of and r.account = k.account and r.kind = k.kind
where l.account is not null or r.account is not null
