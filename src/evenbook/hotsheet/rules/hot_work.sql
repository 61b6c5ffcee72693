-- Which rows of the sheet their people can't work in the week after it, and why.
--
-- A person works their rows from the first down, the policy's hours for each, as far as their free hours
-- go; the rest goes to the leader, it does not leave the sheet. `due_on` is the last day for a first
-- action: the next working day where the person is. The queue of a pool is worked by whoever is there.
with days as (
  select w.as_of, cast(unnest(range(w.as_of + 1, w.as_of + 29, interval 1 day)) as DATE) as day
  from weeks w
),
regions as (
  select distinct region from person
),
next_day as (
  select d.as_of, r.region, min(d.day) as day
  from days d
  join policy_organization_working_days k on k.value = lower(strftime(d.day, '%a'))
  cross join regions r
  left join holiday h on h.day = d.day and h.region = r.region
  where h.day is null
  group by d.as_of, r.region
),
rows_of as (
  select
    h.as_of,
    h.account,
    h.place,
    c.person,
    c.why,
    c.account is null as is_pooled,
    f.free_hours,
    row_number() over (partition by h.as_of, c.person order by h.place) * $hotsheet_row_hours as needs_hours
  from hot_rank h
  left join carried_as_of c on c.as_of = h.as_of and c.account = h.account and c.works
  left join hot_free f on f.as_of = h.as_of and f.person = c.person
)
select
  r.as_of,
  r.account,
  case
    when r.is_pooled then ''
    when r.person is null then r.why
    when r.needs_hours > coalesce(r.free_hours, 0) then 'hours'
    else ''
  end as overflow,
  coalesce(n.day, r.as_of + 1) as due_on
from rows_of r
left join person p on p.person = r.person
left join next_day n on n.as_of = r.as_of and n.region = coalesce(p.region, '')
