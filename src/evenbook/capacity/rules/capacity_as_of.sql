-- The hours a month that each person present can sustain, as of each day, with its parts.
--
-- Own monthly hours (else policy's) × working share × ramp by tenure × availability, plus
-- adjustments; never negative. Availability is the share of the working days of the weeks that end at
-- the day (policy) on which the person was neither on leave nor on a public holiday of their
-- region; leaves that overlap take each day once, one that was withdrawn none from then on; days before
-- their start do not count; `week_availability` is that of the last seven days.
-- `is_away` says that they are on leave on the day itself, `cover` who stands in. Someone who has left, has
-- not started or is no person has no row.
with present as (
  select w.as_of, w.ends_at, p.*
  from weeks w
  join person p
    on p.is_person
    and (p.started_on is null or p.started_on <= w.as_of)
    and (p.left_on is null or p.left_on >= w.as_of)
),
calendar as (
  select d.as_of, d.ends_at, d.day
  from (
    select
      as_of,
      ends_at,
      cast(unnest(range(as_of - cast(7 * $capacity_availability_weeks - 1 as INTEGER), as_of + 1, interval 1 day)) as DATE)
        as day
    from weeks
  ) d
  join policy_organization_working_days k on k.value = lower(strftime(d.day, '%a'))
),
leave_days as (
  select
    person,
    cast(
      unnest(
        range(
          greatest(first_on, (select min(day) from calendar)),
          least(last_on, (select max(day) from calendar)) + 1,
          interval 1 day
        )
      ) as DATE
    ) as day,
    visible_at,
    hidden_at
  from leave
),
days_off as (
  select person, day, visible_at, hidden_at from leave_days
  union all
  select p.person, h.day, timestamp '0001-01-01', null from person p join holiday h on h.region = p.region
),
lost as (
  select
    c.as_of,
    o.person,
    count(distinct c.day) as days,
    count(distinct c.day) filter (c.day > c.as_of - 7) as week_days
  from calendar c
  join days_off o
    on o.day = c.day and o.visible_at < c.ends_at and (o.hidden_at is null or o.hidden_at >= c.ends_at)
  join person p on p.person = o.person and (p.started_on is null or p.started_on <= c.day)
  group by c.as_of, o.person
),
working as (
  select
    p.as_of, p.person, count(c.day) as days, count(c.day) filter (c.day > p.as_of - 7) as week_days
  from present p
  left join calendar c on c.as_of = p.as_of and (p.started_on is null or c.day >= p.started_on)
  group by p.as_of, p.person
),
absent as (
  select w.as_of, l.person, arg_max(l.cover, (l.cover is not null, l.first_on, l.last_on, l.cover)) as cover
  from weeks w
  join leave l
    on l.visible_at < w.ends_at
    and (l.hidden_at is null or l.hidden_at >= w.ends_at)
    and l.first_on <= w.as_of
    and l.last_on >= w.as_of
  group by w.as_of, l.person
),
adjusted as (
  select w.as_of, j.person, sum(cast(j.hours as DECIMAL(18, 6))) as hours
  from weeks w
  join adjustment j
    on j.visible_at < w.ends_at
    and (j.hidden_at is null or j.hidden_at >= w.ends_at)
    and j.first_on <= w.as_of
    and (j.last_on is null or j.last_on >= w.as_of)
  group by w.as_of, j.person
),
ramping as (
  select p.as_of, p.person, arg_max(r.share, r.from_day) as ramp
  from present p
  join policy_capacity_ramp r on r.from_day <= p.as_of - p.started_on
  group by p.as_of, p.person
),
parts as (
  select
    p.as_of,
    p.person,
    coalesce(p.monthly_hours, $capacity_monthly_hours) as monthly_hours,
    p.working_share,
    p.as_of - p.started_on as tenure_days,
    coalesce(r.ramp, 1) as ramp,
    case when k.days > 0 then greatest(0, 1 - coalesce(o.days, 0) / k.days) else 1 end as availability,
    case
      when k.week_days > 0 then greatest(0, 1 - coalesce(o.week_days, 0) / k.week_days) else 1
    end as week_availability,
    coalesce(cast(j.hours as DOUBLE), 0) as adjustment_hours,
    z.person is not null as is_away,
    z.cover
  from present p
  left join working k on k.as_of = p.as_of and k.person = p.person
  left join lost o on o.as_of = p.as_of and o.person = p.person
  left join ramping r on r.as_of = p.as_of and r.person = p.person
  left join adjusted j on j.as_of = p.as_of and j.person = p.person
  left join absent z on z.as_of = p.as_of and z.person = p.person
)
select
  as_of,
  person,
  monthly_hours,
  working_share,
  tenure_days,
  ramp,
  availability,
  week_availability,
  adjustment_hours,
  is_away,
  cover,
  round(greatest(0, monthly_hours * working_share * ramp * availability + adjustment_hours), 6) as capacity_hours
from parts
