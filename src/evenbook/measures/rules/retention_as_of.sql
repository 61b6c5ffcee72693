-- What each customer paid at the start of the retention window and at its end, as of each day.
--
-- The cohort is closed: customers who paid at the start (`start_cents` over zero). What is kept is
-- counted per customer and never more than the start, so that no growth hides a loss. A churned
-- customer pays zero. The start is the revenue that had happened by then, as known by the as-of
-- day. `flow_cents` is what an ARR bridge books in the window as expansion, contraction and churn
-- of anybody, and `month_loss_cents` what it books as a loss in the last four weeks, on
-- `month_start_cents`: only the lazy forms use them.
--
-- Outside the cohort stand the customers who paid nothing at the start and pay at the end. They are
-- new, or returned where they had paid before the start: `outside` says which. `due_start_cents` is
-- the start of the customers with a contract that came due in the window, whatever the basis.
--
-- Policy: the length of the window; whether subsidiaries count with the parent that pays; whether
-- all revenue counts or only that of customers with a contract that came due in the window.
with dated as (
  select
    p.payer as account,
    m.change_cents,
    case when m.kind in ('expansion', 'contraction', 'churn') then m.change_cents else 0 end as flow_cents,
    case when m.kind in ('contraction', 'churn') then -m.change_cents else 0 end as loss_cents,
    m.visible_at,
    greatest(m.visible_at, m.happened_at + interval 28 day) as month_aged_at,
    greatest(m.visible_at, m.happened_at + to_days(cast(7 * $measures_retention_weeks as INTEGER))) as aged_at
  from movement m
  join payer p on p.account = m.account
),
edges as (
  select
    account,
    visible_at as edge_at,
    0 as start_cents,
    0 as gained_cents,
    flow_cents,
    0 as month_start_cents,
    loss_cents as month_loss_cents
  from dated
  where visible_at >= $first_ends_at
  union all
  select account, month_aged_at as edge_at, 0, 0, 0, change_cents, -loss_cents
  from dated
  where month_aged_at >= $first_ends_at
  union all
  select account, aged_at as edge_at, change_cents, greatest(change_cents, 0), -flow_cents, 0, 0
  from dated
  where aged_at >= $first_ends_at
),
opened as (
  select
    account,
    timestamp '0001-01-01' as from_at,
    coalesce(sum(change_cents) filter (aged_at < $first_ends_at), 0) as start_cents,
    coalesce(sum(greatest(change_cents, 0)) filter (aged_at < $first_ends_at), 0) as gained_cents,
    coalesce(sum(flow_cents) filter (aged_at >= $first_ends_at), 0) as flow_cents,
    coalesce(sum(change_cents) filter (month_aged_at < $first_ends_at), 0) as month_start_cents,
    coalesce(sum(loss_cents) filter (month_aged_at >= $first_ends_at), 0) as month_loss_cents
  from dated
  where visible_at < $first_ends_at
  group by account
  union all by name
  select
    account,
    edge_at as from_at,
    sum(start_cents) as start_cents,
    sum(gained_cents) as gained_cents,
    sum(flow_cents) as flow_cents,
    sum(month_start_cents) as month_start_cents,
    sum(month_loss_cents) as month_loss_cents
  from edges
  where edge_at < $last_ends_at
  group by account, edge_at
),
timeline as (
  select
    account,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over following as until_at,
    sum(start_cents) over following as start_cents,
    sum(gained_cents) over following as gained_cents,
    sum(flow_cents) over following as flow_cents,
    sum(month_start_cents) over following as month_start_cents,
    sum(month_loss_cents) over following as month_loss_cents
  from opened
  window following as (partition by account order by from_at)
),
due as (
  select
    p.payer as account,
    cast(coalesce(c.renews_on, c.ends_on) as TIMESTAMP) as due_at,
    c.visible_at,
    c.hidden_at
  from contract c
  join payer p on p.account = c.account
  where coalesce(c.renews_on, c.ends_on) >= cast($first_ends_at as DATE) - cast(7 * $measures_retention_weeks as INTEGER)
    and coalesce(c.renews_on, c.ends_on) <= cast($last_ends_at as DATE)
),
came_due as (
  select distinct w.as_of, d.account
  from weeks w
  join due d
    on d.visible_at < w.ends_at
    and d.due_at < w.ends_at
    and d.due_at >= w.ends_at - to_days(cast(7 * $measures_retention_weeks as INTEGER))
  where d.hidden_at is null or d.hidden_at >= d.due_at - interval 120 day
),
children as (
  select a.as_of, p.payer as account, sum(a.arr_cents) as arr_cents, bool_or(a.active) as active
  from account_as_of a
  join payer p on p.account = a.account
  where p.payer <> p.account
  group by a.as_of, p.payer
),
paying as (
  select
    a.as_of,
    a.account,
    a.person,
    a.pool,
    a.tier,
    a.segment,
    t.flow_cents,
    t.gained_cents,
    t.month_loss_cents,
    greatest(t.month_start_cents, 0) as month_start_cents,
    d.account is not null as came_due,
    case
      when a.churned_at < a.ends_at - to_days(cast(7 * $measures_retention_weeks as INTEGER)) then 0
      else greatest(t.start_cents, 0)
    end as paid_cents,
    coalesce(a.arr_cents, 0) + coalesce(c.arr_cents, 0) as end_cents,
    a.active or coalesce(c.active, false) as active
  from account_as_of a
  join timeline t on t.account = a.account and t.from_at < a.ends_at and t.until_at >= a.ends_at
  left join children c on c.as_of = a.as_of and c.account = a.account
  left join came_due d on d.as_of = a.as_of and d.account = a.account
),
customers as (
  select *, case when $measures_retention_basis = 'due' and not came_due then 0 else paid_cents end as start_cents
  from paying
)
select
  as_of,
  account,
  person,
  pool,
  tier,
  segment,
  cast(start_cents as BIGINT) as start_cents,
  cast(end_cents as BIGINT) as end_cents,
  cast(least(start_cents, end_cents) as BIGINT) as kept_cents,
  cast(flow_cents as BIGINT) as flow_cents,
  start_cents > 0 and end_cents > 0 and active as stayed,
  case
    when paid_cents > 0 or end_cents <= 0 then null
    when gained_cents > 0 then 'returned'
    else 'new'
  end as outside,
  cast(case when came_due then paid_cents else 0 end as BIGINT) as due_start_cents,
  cast(month_start_cents as BIGINT) as month_start_cents,
  cast(month_loss_cents as BIGINT) as month_loss_cents
from customers
where start_cents > 0 or flow_cents <> 0 or end_cents > 0 or due_start_cents > 0 or month_loss_cents <> 0
