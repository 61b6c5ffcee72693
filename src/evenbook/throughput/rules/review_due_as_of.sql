-- The accounts whose business review has fallen due by each day (policy), and whether one was held in the
-- last weeks.
--
-- A review is due so many days after the last one before these weeks, after the account came into its
-- tier or started, or after the first review that the records hold of anybody, whichever is latest: what
-- was before the records is not known. `person` owned the account on the day that it fell due and owns it
-- still; null where the account has changed hands since.
with told as (
  select account, happened_at, visible_at, hidden_at
  from milestone
  where kind in (select value from policy_chain_review_kinds)
),
seen as (
  select
    w.as_of, w.ends_at, t.account, t.happened_at,
    t.happened_at >= w.ends_at - to_days(cast(7 * $chain_weeks as INTEGER)) as is_recent
  from weeks w
  join told t
    on t.visible_at < w.ends_at
    and (t.hidden_at is null or t.hidden_at >= w.ends_at)
    and t.happened_at < w.ends_at
),
began as (
  select as_of, min(happened_at) as first_at from seen group by as_of
),
last_one as (
  select
    as_of, account,
    max(happened_at) filter (where not is_recent) as before_at,
    max(happened_at) filter (where is_recent) as held_at
  from seen
  group by as_of, account
),
due as (
  select
    a.as_of, a.ends_at, a.account, a.person, a.owner_since, t.tier, a.segment, l.before_at, l.held_at,
    greatest(b.first_at, l.before_at, a.started_at, a.tier_since)
      + to_days(cast(r.every_days as INTEGER)) as due_at
  from account_as_of a
  join began b on b.as_of = a.as_of
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  join policy_chain_reviews r on r.tier = t.tier
  left join last_one l on l.as_of = a.as_of and l.account = a.account
  where a.active
)
select
  as_of, account, tier, segment, before_at, due_at, held_at,
  case when owner_since is null or owner_since <= due_at then person end as person
from due
where due_at < ends_at
