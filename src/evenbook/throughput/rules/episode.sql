-- The risks that a signal told of: one row a spell of a signal at an account, with whose it was then.
--
-- `observed_at` is when it could first be seen, `surfaced_on` the first day on which a run showed it,
-- `last_seen_on` the last. A signal that comes back within the days of policy is the same risk. Only what
-- is seen on these days is read, the rest is what the run before left; what has ended long ago is let go.
with raised as (
  select
    s.as_of, s.account, s.kind as signal, s.observed_at, s.as_of as surfaced_on, a.person, a.pool
  from signal_as_of s
  join policy_throughput_windows k on k.signal = s.kind
  join account_as_of a on a.as_of = s.as_of and a.account = s.account
),
seen as (
  select * from raised
  union all by name
  select last_seen_on as as_of, account, signal, observed_at, surfaced_on, person, pool from episode_carry
),
spelled as (
  select
    *,
    sum(is_new) over (partition by account, signal order by as_of rows unbounded preceding) as spell
  from (
    select
      *,
      cast(
        coalesce(
          as_of - lag(as_of) over (partition by account, signal order by as_of) > $throughput_merge_days, true
        ) as INTEGER
      ) as is_new
    from seen
  )
),
folded as (
  select
    account,
    signal,
    arg_min(struct_pack(observed_at := observed_at, person := person, pool := pool), as_of) as first_seen,
    min(surfaced_on) as surfaced_on,
    max(as_of) as last_seen_on
  from spelled
  group by account, signal, spell
)
select
  account,
  signal,
  first_seen.observed_at as observed_at,
  surfaced_on,
  last_seen_on,
  first_seen.person as person,
  first_seen.pool as pool
from folded
where last_seen_on >= (select min(as_of) from weeks)
    - cast(greatest($throughput_merge_days, $throughput_detection_days) as INTEGER)
