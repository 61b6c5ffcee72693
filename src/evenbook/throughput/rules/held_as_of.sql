-- The work of the last weeks (policy), as of each day: completed interactions, one row each.
--
-- `person` held it; `owner`, `pool`, `tier` and `segment` are those of the account. `in_week` says that it
-- fell into the seven days that end with the day.
select
  w.as_of,
  t.account,
  t.person,
  a.person as owner,
  a.pool,
  s.tier,
  a.segment,
  t.kind,
  t.work,
  t.minutes,
  t.action_items,
  t.sentiment,
  t.quality,
  t.is_meaningful,
  t.is_strategic,
  t.happened_at,
  t.happened_at >= w.ends_at - interval 7 day as in_week
from weeks w
join held t
  on t.visible_at < w.ends_at
  and (t.hidden_at is null or t.hidden_at >= w.ends_at)
  and t.happened_at >= w.ends_at - to_days(cast(7 * $throughput_talk_weeks as INTEGER))
left join account_as_of a on a.as_of = w.as_of and a.account = t.account
left join tier_as_of s on s.as_of = w.as_of and s.account = t.account
where t.work is not null or t.is_meaningful or t.sentiment is not null or t.quality is not null
