-- measure: energy
-- label:   Energy of the week
-- unit:    strategic calls a person that take as much
-- better:  neither
-- window:  the 7 days up to the end of the as-of day
-- empty:   nobody present gives no value
-- edges:   every completed piece of work counts, internal work too, by whoever did it; what each kind
--          takes is policy; people without a ceiling are left out
-- fold:    energy of the week's work, in strategic calls ÷ people present
-- by:      csm, team, all
with detail as (
  select
    h.as_of, h.account, h.person, h.kind, h.minutes, h.happened_at,
    cast(e.energy as DECIMAL(18, 6)) as part, cast(0 as DECIMAL(18, 6)) as whole
  from held_as_of h
  join ceiling_as_of c on c.as_of = h.as_of and c.person = h.person
  join policy_throughput_energies e on e.work = h.work
  where h.in_week
  union all
  select as_of, null, person, 'present', null, null, 0, cast(1 as DECIMAL(18, 6))
  from ceiling_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
