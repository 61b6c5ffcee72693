-- Which feed each account's usage comes from: the one that told of it first (`place`), and of which first
-- week. `known_from` is the first week that a carried run knew of.
--
-- Only what could be seen since the carry is read, the rest is what the run before left.
with told as (
  select
    account,
    source,
    epoch_us(visible_at) + date_diff('day', date '1970-01-05', week_on) as place,
    cast(date_diff('day', date '1970-01-05', week_on) / 7 as INTEGER) as week,
    null as known_from
  from usage
  where measure = (select measure from usage_measure)
    and visible_at >= $carried_until
    and visible_at < $last_ends_at
  union all by name
  select account, source, place, week, week as known_from
  from usage_source_carry
)
select
  account,
  arg_min(source, place) as source,
  min(place) as place,
  min(week) as week,
  min(known_from) as known_from
from told
group by account
