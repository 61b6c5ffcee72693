-- The hours that the team logged for each active account in the weeks of a calibration (policy), as of each
-- day, how each account is tagged there, and what its conversations were like in as many weeks before.
--
-- An hour with the customer present brings its preparation (policy); an entry past the longest (policy)
-- counts as that; one of no or negative minutes logs nothing. Who keeps a timesheet in these weeks is read
-- from it alone, without preparation, which stands in it. `hours` is null where there was contact and
-- no minutes at all: that work is unknown and not zero. `weeks` are those in which hours could be logged:
-- an account that started later has fewer. `inputs` are taken before the hours, which they cannot hold.
-- Tags are those of the day (`effort_as_of`), and `effort_hours` what the account is expected to take now. A calibration asks for it; no weekly run does.
with spans as (
  select
    as_of,
    ends_at,
    ends_at - to_days(cast(7 * $calibration_weeks as INTEGER)) as starts_at,
    ends_at - to_days(cast(14 * $calibration_weeks as INTEGER)) as before_at
  from weeks
),
timed as (
  select s.as_of, t.account, t.person, least(t.minutes, $calibration_longest_minutes) as minutes
  from spans s
  join time_entry t
    on t.visible_at < s.ends_at
    and (t.hidden_at is null or t.hidden_at >= s.ends_at)
    and t.happened_at >= s.starts_at
    and t.happened_at < s.ends_at
  join person p on p.person = t.person and p.is_person
  where isfinite(t.minutes) and t.minutes > 0
),
keepers as (select distinct as_of, person from timed),
done as (
  select
    s.as_of,
    i.account,
    i.contact,
    i.happened_at >= s.starts_at as is_within,
    p.person is not null as is_ours,
    k.person is not null as is_timed,
    case
      when isfinite(i.minutes) and i.minutes > 0 then least(i.minutes, $calibration_longest_minutes)
    end as minutes,
    coalesce(i.customer_present, false) as customer_present,
    coalesce(i.action_items, 0) as action_items,
    i.sentiment
  from spans s
  join interaction i
    on i.visible_at < s.ends_at
    and (i.hidden_at is null or i.hidden_at >= s.ends_at)
    and i.happened_at >= s.before_at
    and i.happened_at < s.ends_at
  left join person p on p.person = i.person and p.is_person
  left join keepers k on k.as_of = s.as_of and k.person = i.person
  where i.status = 'completed'
),
spent as (
  select
    as_of,
    account,
    case
      when not is_timed
        then minutes * (1 + case when customer_present then $calibration_preparation_share else 0 end)
    end as minutes
  from done
  where is_within and is_ours
  union all
  select as_of, account, minutes from timed
),
logged as (
  select
    as_of,
    account,
    count(*) as entries,
    count(minutes) as entries_with_minutes,
    sum(minutes) / 60 as hours
  from spent
  group by as_of, account
),
heard as (
  select
    as_of,
    account,
    sum(minutes) filter (customer_present) as call_minutes,
    avg(sentiment) as sentiment,
    sum(action_items) filter (customer_present) / nullif(count(*) filter (customer_present), 0) as follow_ups,
    count(distinct contact) filter (customer_present and contact <> '') as people
  from done
  where not is_within
  group by as_of, account
)
select
  e.as_of,
  e.account,
  e.person,
  e.pool,
  e.tier,
  e.stage,
  e.stakeholders,
  e.complexity,
  e.products,
  e.regulated,
  e.trajectory,
  e.expansion,
  e.dense_signals,
  e.falling_sentiment,
  e.dense_follow_ups,
  e.hours as effort_hours,
  coalesce(l.entries, 0) as entries,
  case when coalesce(l.entries, 0) = 0 then 0 when l.entries_with_minutes > 0 then l.hours end as hours,
  greatest(
    0,
    least(
      cast($calibration_weeks as DOUBLE),
      epoch(s.ends_at - greatest(s.starts_at, coalesce(a.started_at, s.starts_at))) / 604800
    )
  ) as weeks,
  h.call_minutes,
  h.sentiment,
  h.follow_ups,
  nullif(h.people, 0) as people
from effort_as_of e
join spans s on s.as_of = e.as_of
join account_as_of a on a.as_of = e.as_of and a.account = e.account
left join logged l on l.as_of = e.as_of and l.account = e.account
left join heard h on h.as_of = e.as_of and h.account = e.account
