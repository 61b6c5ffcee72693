-- How many strategic interactions each person held in each week of the last year (policy), and how good the
-- scored calls of the week were, as of each day: what a ceiling is fitted from.
--
-- `volume` is of a full-time person: what was held over the working share, as ceilings are cut by it. What
-- is strategic is the rule of `held`, and a test holds them alike. The role is the one that the person had at
-- the end of the week, else that of the ceiling they have on the day. Weeks before a person's ramp was over, or
-- after they left, are left out. A calibration asks for it; no weekly run does.
with spans as (
  select as_of, ends_at, unnest(range(0, cast($calibration_ceiling_weeks as INTEGER))) as back from weeks
),
seven_days as (
  select
    as_of,
    ends_at,
    as_of - cast(7 * back as INTEGER) as week_on,
    ends_at - to_days(cast(7 * back as INTEGER)) as until_at,
    ends_at - to_days(cast(7 * back + 7 as INTEGER)) as from_at
  from spans
),
ramped as (
  select coalesce(min(from_day), 0) as days from policy_capacity_ramp where share >= 1
),
working as (
  select w.as_of, w.ends_at, w.week_on, w.from_at, w.until_at, p.person, p.role, p.working_share
  from seven_days w
  cross join ramped r
  join person p
    on p.is_person
    and p.working_share > 0
    and (p.started_on is null or p.started_on + cast(r.days as INTEGER) <= w.week_on - 6)
    and (p.left_on is null or p.left_on >= w.week_on)
),
told as (
  select w.as_of, w.week_on, r.person, arg_max(r.role, (r.first_on, r.visible_at, r.row_id)) as role
  from seven_days w
  join person_role r on r.visible_at < w.ends_at and r.first_on <= w.week_on
  group by w.as_of, w.week_on, r.person
),
held as (
  select
    w.as_of,
    w.week_on,
    i.person,
    count(*) filter (
      k.work in ('strategic', 'onboarding', 'escalation')
      and i.customer_present
      and i.minutes >= $throughput_strategic_minutes
    ) as strategic,
    avg(i.quality) filter (isfinite(i.quality)) as score,
    count(i.quality) as scored
  from seven_days w
  join interaction i
    on i.happened_at >= w.from_at
    and i.happened_at < w.until_at
    and i.visible_at < w.ends_at
    and (i.hidden_at is null or i.hidden_at >= w.ends_at)
  left join policy_throughput_kinds k on k.kind = i.kind
  where i.status = 'completed' and i.person is not null
  group by w.as_of, w.week_on, i.person
)
select
  g.as_of,
  g.person,
  coalesce(n.role, c.role) as role,
  g.week_on,
  h.strategic / g.working_share as volume,
  h.score,
  h.scored
from working g
join held h on h.as_of = g.as_of and h.week_on = g.week_on and h.person = g.person
left join told t on t.as_of = g.as_of and t.week_on = g.week_on and t.person = g.person
left join policy_throughput_ceilings n on n.role = coalesce(t.role, g.role)
left join ceiling_as_of c on c.as_of = g.as_of and c.person = g.person
where coalesce(n.role, c.role) is not null
