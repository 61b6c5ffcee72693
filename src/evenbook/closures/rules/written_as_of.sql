-- The last artifact of each kind that an account's tier asks for, as of each day.
with first as (
  select min(ends_at) as ends_at from weeks
),
kept as (
  select account, kind, artifact, happened_at, visible_at
  from artifact
  where hidden_at is null and kind in (select kind from policy_closures_requirements)
),
opening as (
  select
    account, kind, timestamp '0001-01-01' as visible_at,
    max(happened_at) as happened_at, arg_max(artifact, (happened_at, artifact)) as artifact
  from kept
  where visible_at < (select ends_at from first)
  group by account, kind
),
later as (
  select account, kind, visible_at, max(happened_at) as happened_at, arg_max(artifact, (happened_at, artifact)) as artifact
  from kept
  where visible_at >= (select ends_at from first)
  group by account, kind, visible_at
),
ordered as (
  select
    *,
    max(happened_at) over (
      partition by account, kind order by visible_at rows between unbounded preceding and current row
    ) as newest_at
  from (from opening union all by name from later)
),
timeline as (
  select account, kind, visible_at, happened_at, artifact from ordered where happened_at >= newest_at
),
asked as (
  select t.as_of, w.ends_at, t.account, r.kind
  from tier_as_of t
  join weeks w on w.as_of = t.as_of
  join policy_closures_requirements r on r.tier = t.tier
)
select k.as_of, t.account, t.kind, cast(t.happened_at as DATE) as written_on, t.artifact
from asked k
asof join timeline t on t.account = k.account and t.kind = k.kind and t.visible_at < k.ends_at
