-- The risks of the last days (policy) as of each day: how long each took, or has taken, to its answer.
--
-- `person` and `pool` are whose the account was when the signal first showed. A risk that nobody answered
-- counts with its age so far, or its age when the account churned; none is dropped.
with told as (
  select
    w.as_of, w.ends_at, e.account, e.person, e.pool, e.signal, e.observed_at, e.surfaced_on,
    k.days as window_days
  from weeks w
  join episode e
    on e.surfaced_on <= w.as_of
    and e.observed_at < w.ends_at
    and e.observed_at >= w.ends_at - to_days(cast($throughput_detection_days as INTEGER))
  join policy_throughput_windows k on k.signal = e.signal
),
answered as (
  select t.as_of, t.account, t.signal, t.observed_at, min(x.happened_at) as answered_at
  from told t
  join answer x
    on x.account = t.account
    and x.happened_at > t.observed_at
    and x.visible_at < t.ends_at
    and (x.hidden_at is null or x.hidden_at >= t.ends_at)
  group by t.as_of, t.account, t.signal, t.observed_at
)
select
  t.as_of,
  t.account,
  t.person,
  t.pool,
  s.tier,
  a.segment,
  t.signal,
  t.observed_at,
  t.surfaced_on,
  x.answered_at,
  t.window_days,
  x.answered_at is not null as answered,
  date_diff(
    'second', t.observed_at, coalesce(x.answered_at, greatest(t.observed_at, least(t.ends_at, coalesce(a.churned_at, t.ends_at))))
  ) / 86400 as days
from told t
left join answered x
  on x.as_of = t.as_of and x.account = t.account and x.signal = t.signal and x.observed_at = t.observed_at
left join account_as_of a on a.as_of = t.as_of and a.account = t.account
left join tier_as_of s on s.as_of = t.as_of and s.account = t.account
