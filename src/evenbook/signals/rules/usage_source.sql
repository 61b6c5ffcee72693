-- Which feed each account's usage comes from, and the first week that a carried run knew of.
select
  u.account,
  arg_min(u.source, epoch_us(u.visible_at) + date_diff('day', date '1970-01-05', u.week_on)) as source,
  cast(
    date_diff('day', date '1970-01-05', min(u.week_on) filter (u.visible_at < m.ends_at)) / 7 as INTEGER
  ) as known_from
from usage u
cross join usage_mark m
where u.measure = (select measure from usage_measure)
group by u.account
