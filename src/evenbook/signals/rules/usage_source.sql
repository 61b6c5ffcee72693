-- Which feed each account's usage comes from, and the first week that a carried run knew of.
select
  account,
  arg_min(source, epoch_us(visible_at) + date_diff('day', date '1970-01-05', week_on)) as source,
  cast(date_diff('day', date '1970-01-05', min(week_on) filter (visible_at < $carried_until)) / 7 as INTEGER) as known_from
from usage
where measure = (select measure from usage_measure)
group by account
