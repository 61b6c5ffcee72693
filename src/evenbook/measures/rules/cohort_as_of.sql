-- What each customer still pays, quarter after quarter since it came, as of the last day.
--
-- A customer belongs to the quarter of its first revenue. Its start is what it bought on that first
-- day, so that one who leaves before the quarter ends still counts. `age` 0 is the end of that
-- quarter, 1 the end of the next, and so on; only quarters that have ended have rows. What happened
-- before the end of the quarter counts, as it is known on the as-of day. A churned customer pays
-- nothing from its churn on; `kept_cents` is never more than the start.
--
-- Policy: whether subsidiaries count with the parent that pays; of how many quarters cohorts are kept.
with last as (
  select as_of, ends_at from weeks order by as_of desc limit 1
),
changed as (
  select m.account, p.payer, m.happened_at, m.change_cents
  from last l
  join movement m on m.visible_at < l.ends_at and m.happened_at < l.ends_at
  join payer p on p.account = m.account
),
first as (
  select payer, min(happened_at) as first_at from changed where change_cents > 0 group by payer
),
started as (
  select
    f.payer,
    date_trunc('quarter', f.first_at) as quarter_at,
    sum(c.change_cents) as start_cents
  from first f
  join changed c on c.payer = f.payer and cast(c.happened_at as DATE) = cast(f.first_at as DATE)
  group by f.payer, f.first_at
),
kept as (
  select s.*
  from started s, last l
  where s.start_cents > 0
    and s.quarter_at >= date_trunc('quarter', l.ends_at) - to_months(cast(3 * $measures_cohort_quarters as INTEGER))
),
aged as (
  select
    k.payer,
    k.quarter_at,
    k.start_cents,
    a.age,
    k.quarter_at + to_months(cast(3 * (a.age + 1) as INTEGER)) as until_at
  from kept k, range(0, cast($measures_cohort_quarters as BIGINT)) a (age), last l
  where k.quarter_at + to_months(cast(3 * (a.age + 1) as INTEGER)) <= l.ends_at
),
gone as (
  select a.account, a.churned_at from account_as_of a join last l on l.as_of = a.as_of
  where a.churned_at is not null
),
paid as (
  select
    g.payer,
    g.age,
    sum(c.change_cents) filter (c.happened_at < g.until_at and (h.churned_at is null or h.churned_at >= g.until_at))
      as end_cents
  from aged g
  join changed c on c.payer = g.payer
  left join gone h on h.account = c.account
  group by g.payer, g.age
)
select
  l.as_of,
  g.payer as account,
  a.person,
  a.pool,
  a.tier,
  a.segment,
  cast(g.quarter_at as DATE) as quarter_on,
  cast(g.age as BIGINT) as age,
  cast(g.until_at - interval 1 day as DATE) as until_on,
  cast(g.start_cents as BIGINT) as start_cents,
  cast(greatest(coalesce(p.end_cents, 0), 0) as BIGINT) as end_cents,
  cast(least(greatest(coalesce(p.end_cents, 0), 0), g.start_cents) as BIGINT) as kept_cents,
  coalesce(p.end_cents, 0) > 0 as stayed
from aged g
cross join last l
join account_as_of a on a.as_of = l.as_of and a.account = g.payer
left join paid p on p.payer = g.payer and p.age = g.age
