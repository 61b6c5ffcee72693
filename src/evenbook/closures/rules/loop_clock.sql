-- The loops that time opens: a review that comes due, an account that was not spoken with for long. Tiers
-- whose silence is judged by usage are not asked here (`loop_unused`).
--
-- What sets a clock back is a point: the artifact that closes the loop, for silence also a meaningful
-- contact, and at the beginning the account itself, or the day from which loops open. A point that says
-- nothing newer than the ones before it is none. Until the next point, the loop opens once, when the span
-- of the tier is over; where the tier changes meanwhile, the span of the new one counts from the point.
--
-- Carried: the last point of each account and loop, and whether it has opened its loop.
with clock as (
  select distinct loop, opened_by, artifact from loop_rule where opened_by in ('cadence', 'silence')
),
base as (
  select c.loop, a.account, greatest(a.visible_at, $closures_start_at) as from_at,
    greatest(a.visible_at, $closures_start_at) as happened_at
  from account a
  cross join (select distinct loop from clock) c
  where greatest(a.visible_at, $closures_start_at) >= $carried_until
),
reset as (
  select c.loop, a.account, a.visible_at as from_at, a.happened_at
  from artifact a
  join clock c on c.artifact = a.kind
  where a.visible_at >= $carried_until and a.visible_at < $last_ends_at
  union all by name
  select c.loop, i.account, i.visible_at as from_at, i.happened_at
  from interaction i
  join policy_records_kinds k on k.kind = i.kind
  join (select distinct loop from clock where opened_by = 'silence') c on true
  where i.status = 'completed' and i.visible_at >= $carried_until and i.visible_at < $last_ends_at
    and (
      k.counts = 'always'
      or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
      or (k.counts = 'answer' and i.carries_answer)
    )
  union all by name
  from base
),
fresh as (
  select r.loop, r.account, r.from_at, max(c.day) as on_day
  from reset r
  asof join calendar c on c.starts_at <= r.happened_at
  where r.from_at < $last_ends_at
  group by r.loop, r.account, r.from_at
),
standing as (
  select loop, account, from_at, on_day, opened_at from loop_clock_carry where until_at = timestamp '9999-01-01'
),
kept as (
  select *
  from (
    from fresh
    union all by name
    from standing semi join fresh using (loop, account)
  )
  qualify on_day > coalesce(
    max(on_day) over (
      partition by loop, account order by from_at, on_day rows between unbounded preceding and 1 preceding
    ),
    date '0001-01-01'
  )
),
point as (
  select *, lead(from_at, 1, timestamp '9999-01-01') over (partition by loop, account order by from_at) as until_at
  from kept
  union all by name
  select *, timestamp '9999-01-01' as until_at
  from standing anti join fresh using (loop, account)
),
span as (
  select
    loop, tier, from_at, until_at, due_in, due_days, opened_by, every_days,
    cast(case when opened_by = 'cadence' then greatest(1, every_days - due_days) else every_days + 1 end as INTEGER) as after
  from loop_rule
  where every_days is not null and judged_by = 'contact'
),
waiting as (
  select p.*
  from point p
  join (select loop, min(after) as after from span group by loop) s on s.loop = p.loop
  where p.opened_at is null and p.on_day + s.after <= cast($last_ends_at as DATE)
),
candidate as (
  select
    p.loop, p.account, p.from_at, r.due_in, r.due_days, r.opened_by,
    case when r.opened_by = 'cadence' then p.on_day + cast(r.every_days as INTEGER) end as floor_on,
    greatest(c.starts_at, p.from_at, t.from_at, r.from_at) as opened_at
  from waiting p
  join tier_spell t on t.account = p.account and t.until_at > p.from_at and t.from_at < p.until_at
  join span r on r.loop = p.loop and r.tier = t.tier and r.from_at < t.until_at and r.until_at > t.from_at
  join calendar c on c.day = p.on_day + r.after
  where c.starts_at < $last_ends_at
    and greatest(c.starts_at, p.from_at, t.from_at, r.from_at) < least(t.until_at, r.until_at, p.until_at, $last_ends_at)
),
first_of as (
  select
    loop, account, from_at,
    min(opened_at) as opened_at,
    arg_min(struct_pack(due_in, due_days, floor_on), opened_at) as due
  from candidate
  group by loop, account, from_at
)
select
  p.loop, p.account, p.from_at, p.on_day, p.until_at,
  coalesce(p.opened_at, f.opened_at) as opened_at,
  f.due.due_in as due_in,
  f.due.due_days as due_days,
  f.due.floor_on as floor_on
from point p
left join first_of f on f.loop = p.loop and f.account = p.account and f.from_at = p.from_at
