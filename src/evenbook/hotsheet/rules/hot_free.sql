-- The hours that each person has for hot accounts in the seven days after each day.
--
-- What they can sustain in a week (ramp and adjustments as they are on the day, leave and holidays as they
-- are known for those seven days) less the effort of the accounts that are not on the sheet: the effort of
-- those that are goes into saving them.
with coming as (
  select d.as_of, d.ends_at, d.day
  from (
    select as_of, ends_at, cast(unnest(range(as_of + 1, as_of + 8, interval 1 day)) as DATE) as day
    from weeks
  ) d
  join policy_organization_working_days k on k.value = lower(strftime(d.day, '%a'))
),
off as (
  select c.as_of, l.person, c.day
  from coming c
  join leave l
    on l.first_on <= c.day
    and l.last_on >= c.day
    and l.visible_at < c.ends_at
    and (l.hidden_at is null or l.hidden_at >= c.ends_at)
  union
  select c.as_of, p.person, c.day
  from coming c
  join holiday h on h.day = c.day
  join person p on p.region = h.region
),
away as (
  select as_of, person, count(*) as days
  from off
  group by as_of, person
),
working as (
  select as_of, count(*) as days
  from coming
  group by as_of
),
calm as (
  select c.as_of, c.person, sum(cast(c.hours as DECIMAL(18, 6))) as hours
  from carried_as_of c
  left join hot_rank h on h.as_of = c.as_of and h.account = c.account
  where c.person is not null and h.account is null
  group by c.as_of, c.person
)
select
  c.as_of,
  c.person,
  round(
    greatest(
      0,
      (c.monthly_hours * c.working_share * c.ramp + c.adjustment_hours) * 12 / 52
        * coalesce(1 - coalesce(a.days, 0) / w.days, 0)
        - coalesce(cast(m.hours as DOUBLE), 0) * 12 / 52
    ),
    6
  ) as free_hours
from capacity_as_of c
left join working w on w.as_of = c.as_of
left join away a on a.as_of = c.as_of and a.person = c.person
left join calm m on m.as_of = c.as_of and m.person = c.person
