-- The attributes of each account as of each day, in the types they have.
select
  w.as_of,
  a.account,
  try_cast(t.tier as BIGINT) as tier,
  t.segment,
  t.stage,
  t.region,
  t.industry,
  try_cast(t.products as BIGINT) as products,
  try_cast(t.complexity as BIGINT) as complexity,
  coalesce(t.regulated in ('yes', 'true', '1'), false) as regulated,
  coalesce(t.strategic in ('yes', 'true', '1'), false) as strategic,
  try_cast(t.seats as BIGINT) as seats,
  t.status,
  t.status_at,
  t.tier_since
from weeks w
join account a on a.visible_at < w.ends_at
left join value_spell t on t.account = a.account and t.from_at < w.ends_at and t.until_at >= w.ends_at
