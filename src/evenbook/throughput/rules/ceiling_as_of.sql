-- How many strategic interactions each person present can hold in the week that ends with each day.
--
-- The ceiling is that of the role they have on the day (policy); of a role that is not listed, that of the tier that takes
-- most of the hours they carry. It grows with the ramp and the working share and is not cut by leave:
-- a week mostly away is left out of a run of weeks instead. Without a role and hours there is none.
-- A ceiling of their own is taken as it was set, with neither ramp nor share; of two the later one holds.
with carried as (
  select c.as_of, c.person, e.tier, sum(c.hours) as hours
  from carried_as_of c
  join effort_as_of e on e.as_of = c.as_of and e.account = c.account
  where c.person is not null
  group by c.as_of, c.person, e.tier
  union all
  select c.as_of, c.person, p.tier, sum(c.hours) as hours
  from carried_as_of c
  join (
    select as_of, pool, arg_max(tier, (hours, -tier)) as tier
    from (select as_of, pool, tier, sum(hours) as hours from effort_part_as_of where pool is not null group by as_of, pool, tier)
    group by as_of, pool
  ) p on p.as_of = c.as_of and p.pool = c.pool
  where c.how = 'pool'
  group by c.as_of, c.person, p.tier
),
mostly as (
  select as_of, person, arg_max(tier, (hours, -tier)) as tier
  from (select as_of, person, tier, sum(hours) as hours from carried group by as_of, person, tier)
  group by as_of, person
),
told as (
  select w.as_of, r.person, arg_max(r.role, (r.first_on, r.visible_at, r.row_id)) as role
  from weeks w
  join person_role r on r.visible_at < w.ends_at and r.first_on <= w.as_of
  group by w.as_of, r.person
),
own as (
  select w.as_of, o.person, arg_max(o.a_week, (o.first_on, o.visible_at, o.row_id)) as a_week
  from weeks w
  join own_ceiling o
    on o.visible_at < w.ends_at
    and (o.hidden_at is null or o.hidden_at >= w.ends_at)
    and o.first_on <= w.as_of
    and (o.last_on is null or o.last_on >= w.as_of)
  group by w.as_of, o.person
),
by_tier as (
  select tier, arg_min(role, (a_week, role)) as role, min(a_week) as a_week from policy_throughput_ceilings group by tier
)
select
  c.as_of,
  c.person,
  coalesce(r.role, t.role) as role,
  round(coalesce(o.a_week, coalesce(r.a_week, t.a_week) * c.ramp * c.working_share), 6) as ceiling
from capacity_as_of c
join person p on p.person = c.person
left join told d on d.as_of = c.as_of and d.person = c.person
left join policy_throughput_ceilings r on r.role = coalesce(d.role, p.role)
left join mostly m on m.as_of = c.as_of and m.person = c.person
left join by_tier t on t.tier = m.tier
left join own o on o.as_of = c.as_of and o.person = c.person
where coalesce(o.a_week, r.a_week, t.a_week) is not null
