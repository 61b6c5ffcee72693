-- Whether anybody has spoken with each active account lately, as of each day.
--
-- `is_unmonitored`: no meaningful interaction in the last 30 days (policy), whoever of the team had
-- it; accounts younger than that have no answer. `is_past_limit`: the same against the tier's own
-- limit, by contact or, where the tier is judged by it, by usage; an account whose usage no feed
-- delivers has no answer there. It counts for whoever works the account in its stage: a role on it, else its owner.
with judged as (
  select
    a.as_of,
    a.ends_at,
    a.account,
    k.person,
    k.pool,
    a.segment,
    a.started_at,
    t.tier,
    l.judged_by,
    l.days as limit_days,
    l.threshold,
    c.last_meaningful_at,
    case
      when c.weeks_seen > c.zero_weeks then w.week_on + 6 - cast(7 * c.zero_weeks as INTEGER)
    end as last_used_on,
    coalesce(c.weeks_seen, 0) > 0 as has_usage
  from account_as_of a
  join worker_as_of k on k.as_of = a.as_of and k.account = a.account
  join weeks w on w.as_of = a.as_of
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  left join condition_as_of c on c.as_of = a.as_of and c.account = a.account
  left join policy_measures_unmonitored_limits l on l.tier = t.tier
  where a.active
)
select
  as_of,
  account,
  person,
  pool,
  tier,
  segment,
  last_meaningful_at,
  last_used_on,
  judged_by,
  limit_days,
  threshold,
  case
    when started_at is null or started_at <= ends_at - to_days(cast($measures_unmonitored_days as INTEGER))
      then coalesce(last_meaningful_at < ends_at - to_days(cast($measures_unmonitored_days as INTEGER)), true)
  end as is_unmonitored,
  case
    when started_at > ends_at - to_days(cast(limit_days as INTEGER)) then null
    when judged_by = 'contact' then coalesce(last_meaningful_at < ends_at - to_days(cast(limit_days as INTEGER)), true)
    when has_usage then coalesce(last_used_on < as_of - cast(limit_days as INTEGER), true)
  end as is_past_limit
from judged
