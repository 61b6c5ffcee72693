-- Whether each account has each artifact that its tier asks for, as of each day.
--
-- current: there and not stale, until `falls_on`; expired: stale since `falls_on`; missing: never
-- written, owed since `falls_on`; not_yet_due: first owed on `falls_on` (null: no date is known).
--
-- always:  the first is owed so many days after the account's start or its move into the tier; where
--          neither is known it is missing without a date.
-- renewal: owed from the policy's days before the renewal until it is booked, and again at each
--          refresh; a brief counts when it was written at most so many days before it was owed, and for
--          a refresh when it was written within the few days before that.
-- usage:   usage seen inside the days will do, else the artifact. Weeks that a feed did not
--          deliver are not held against the account.
with asked as (
  select
    a.as_of,
    a.account,
    t.tier,
    r.kind,
    r.needed,
    cast(r.valid_days as INTEGER) as valid_days,
    cast(r.first_days as INTEGER) as first_days,
    nullif(greatest(a.started_at, a.tier_since), timestamp '1970-01-01') as served_at,
    cast(served_at as DATE)
      + case when served_at < d.starts_at then -1 when served_at >= d.ends_at then 1 else 0 end as served_from,
    a.renews_on,
    w.week_on,
    x.written_on,
    x.artifact,
    u.zero_weeks < u.weeks_seen as was_used,
    u.zero_weeks
  from account_as_of a
  join weeks w on w.as_of = a.as_of
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  join policy_closures_requirements r on r.tier = t.tier
  left join written_as_of x on x.as_of = a.as_of and x.account = a.account and x.kind = r.kind
  left join day_span d on d.day = cast(greatest(a.started_at, a.tier_since) as DATE)
  left join usage_reading u on u.as_of = a.as_of and u.account = a.account and r.needed = 'usage'
  where a.active and (a.started_at is null or a.started_at < a.ends_at)
),
marks as (
  select days_before from policy_closures_renewal_refreshes
),
dated as (
  select
    *,
    case
      when needed = 'renewal' then renews_on - cast($closures_renewal_brief_days as INTEGER)
      else served_from + first_days
    end as owed_on,
    case
      when needed <> 'renewal' then written_on
      when renews_on - written_on <= $closures_renewal_brief_days + $closures_renewal_early_days then written_on
    end as counted_on,
    case when was_used then week_on + 6 - cast(7 * zero_weeks as INTEGER) + valid_days end as used_until
  from asked
),
judged as (
  select
    d.*,
    case
      when d.needed = 'renewal' and d.counted_on is not null then least(
        d.counted_on + d.valid_days,
        coalesce(
          (
            select min(d.renews_on - cast(m.days_before as INTEGER))
            from marks m
            where m.days_before < (d.renews_on - d.counted_on) - $closures_renewal_refresh_early_days
          ),
          date '9999-01-01'
        )
      )
      else d.counted_on + d.valid_days
    end as written_until
  from dated d
),
closed as (
  select *, greatest(coalesce(written_until, used_until), coalesce(used_until, written_until)) as until_on from judged
)
select
  as_of,
  account,
  tier,
  kind,
  case
    when needed = 'renewal' and renews_on is null then 'not_yet_due'
    when until_on >= as_of then 'current'
    when until_on is not null then 'expired'
    when owed_on >= as_of then 'not_yet_due'
    else 'missing'
  end as status,
  case
    when needed = 'renewal' and renews_on is null then null
    when until_on >= as_of then until_on
    when until_on is not null then until_on + 1
    else owed_on
  end as falls_on,
  case when written_until is not null then artifact end as artifact
from closed
