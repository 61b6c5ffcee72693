-- Each account as of each day, one row a day and account that could be seen by then.
--
-- Churned: the last status says so and no revenue was gained since; or revenue was known and is
-- gone. The revenue of a churned account is zero from its churn on, whatever its contracts say.
with joined as (
  select
    v.*,
    o.person,
    o.pool,
    o.owner_since,
    r.arr_cents as contract_cents,
    r.lost_at,
    n.renews_on,
    coalesce(p.products, v.products) as products_held,
    v.status = 'churned' and coalesce(r.gained_at <= v.status_at, true) as said_churned,
    coalesce(r.arr_cents <= 0 and r.lost_at is not null, false) as spent_out
  from value_as_of v
  left join owner_as_of o on o.as_of = v.as_of and o.account = v.account
  left join revenue_as_of r on r.as_of = v.as_of and r.account = v.account
  left join renewal_as_of n on n.as_of = v.as_of and n.account = v.account
  left join product_as_of p on p.as_of = v.as_of and p.account = v.account
)
select
  j.as_of,
  w.ends_at,
  j.account,
  j.person,
  j.pool,
  j.owner_since,
  a.started_at,
  j.tier,
  j.tier_since,
  j.segment,
  j.stage,
  j.region,
  j.industry,
  j.products_held as products,
  j.complexity,
  j.regulated,
  j.strategic,
  j.seats,
  case when coalesce(j.said_churned, false) then j.status_at when j.spent_out then j.lost_at end as churned_at,
  case when coalesce(j.said_churned, false) or j.spent_out then 0 else j.contract_cents end as arr_cents,
  j.renews_on,
  not (coalesce(j.said_churned, false) or j.spent_out) as active
from joined j
join account a on a.account = j.account
join weeks w on w.as_of = j.as_of
