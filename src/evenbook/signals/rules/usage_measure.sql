-- The measure of usage that is watched, what it counts in plain words, and whether it counts people.
--
-- The policy's measure where it was ever delivered, else the one that was delivered first; of several in
-- one delivery the one that counts people, then the one that counts visits, then any but errors. What
-- was delivered when is told by the feeds, of which there are few, not by the usage.
with seen as (
  select measure, min(visible_at) as first_at from feed group by measure
),
worded as (
  select
    measure,
    first_at,
    case
      when regexp_matches(measure, 'error|failure') then 'errors a week'
      when regexp_matches(measure, 'login|logon|sign_?in') then 'logins a week'
      when regexp_matches(measure, 'session') then 'sessions a week'
      when regexp_matches(measure, 'visit') then 'visits a week'
      when regexp_matches(measure, 'minute|(^|_)mins?(_|$)') then 'minutes of use a week'
      when regexp_matches(measure, 'hour|(^|_)hrs?(_|$)') then 'hours of use a week'
      when regexp_matches(measure, 'second|(^|_)secs?(_|$)') then 'seconds of use a week'
      when regexp_matches(measure, '(^|_)api(_|$)') then 'API calls a week'
      when regexp_matches(measure, 'user|people|seat') then 'weekly users'
      when regexp_matches(measure, '^(usages?|uses?|value)?(_?count)?$') then 'uses a week'
      else format(
        '{} a week',
        trim(regexp_replace(replace(measure, '_', ' '), '\b(total|sum|number of|num|count|weekly|daily)\b', '', 'g'))
      )
    end as counted
  from seen
),
ordered as (
  select
    *,
    case
      when counted = 'weekly users' then 1
      when counted in ('logins a week', 'sessions a week', 'visits a week') then 2
      when counted = 'errors a week' then 4
      else 3
    end as place
  from worded
),
chosen as (
  select
    coalesce(max(measure) filter (measure = $records_usage_measure), arg_min(measure, (first_at, place, measure)))
      as measure
  from ordered
)
select c.measure, o.counted, coalesce(o.counted = 'weekly users', false) as counts_people
from chosen c
left join ordered o on o.measure = c.measure
