-- Accounts that nobody used for longer than their tier allows, as of each day, and where that opens a loop.
--
-- Days count from the last day of the last week with usage, or from the last artifact that looked into it, or
-- from the day from which loops open; where the policy asks for either (`judged_by`), a meaningful contact counts as
-- well. Weeks that a feed did not deliver are no days without usage; while it has stopped nobody is judged,
-- and so is nobody who never had usage. A silence opens one loop: as long as it goes on, it opens none again.
--
-- Carried: the last day on which each account was silent.
with judged as (
  select distinct loop, tier, judged_by, every_days, from_at, until_at
  from loop_rule
  where opened_by = 'silence' and judged_by <> 'contact'
),
unused as (
  select
    u.as_of, w.ends_at, w.starts_at, u.account, t.tier,
    w.week_on + 6 - cast(7 * u.zero_weeks as INTEGER) as used_on
  from usage_reading u
  join weeks w on w.as_of = u.as_of
  join tier_as_of t on t.as_of = u.as_of and t.account = u.account
  left join usage_source s on s.account = u.account
  left join feed_as_of f on f.as_of = u.as_of and f.source = s.source
  where u.weeks_seen > 0 and u.zero_weeks > 0 and not coalesce(f.has_stopped, false)
    and u.as_of - used_on > (select min(every_days) from judged)
),
touched as (
  select c.as_of, c.account, d.day as on_day
  from touch_as_of c
  semi join unused u on u.as_of = c.as_of and u.account = c.account
  asof join calendar d on d.starts_at <= c.last_meaningful_at
),
looked as (
  select w.as_of, r.loop, r.account, max(r.on_day) as on_day
  from weeks w
  join silence_record r on r.from_at < w.ends_at
  group by w.as_of, r.loop, r.account
),
span as (
  select
    j.loop, u.as_of, u.starts_at, u.account, j.every_days,
    greatest(
      u.used_on,
      r.on_day,
      case when j.judged_by = 'either' then c.on_day end,
      d.day
    ) as since_on
  from unused u
  join judged j on j.tier = u.tier and j.from_at < u.ends_at and j.until_at >= u.ends_at
  join account a on a.account = u.account
  left join looked r on r.as_of = u.as_of and r.account = u.account and r.loop = j.loop
  asof join calendar d on d.starts_at <= greatest(a.visible_at, $closures_start_at)
  left join touched c on c.as_of = u.as_of and c.account = u.account
),
silent as (
  select * from span where as_of - since_on > every_days
),
before as (
  select loop, account, max(silent_on) as silent_on from loop_unused_carry group by loop, account
)
select
  s.loop, s.account, s.as_of as silent_on, s.starts_at,
  s.since_on + cast(s.every_days as INTEGER) + 1 as crossed_on,
  s.since_on >= coalesce(
    lag(s.as_of) over (partition by s.loop, s.account order by s.as_of), b.silent_on, date '0001-01-01'
  ) as is_new
from silent s
left join before b on b.loop = s.loop and b.account = s.account
union all by name
select b.loop, b.account, b.silent_on, false as is_new
from before b
anti join silent s on s.loop = b.loop and s.account = b.account
