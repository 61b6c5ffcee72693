-- Which accounts stand on the hot sheet of each day: the policy's share of the active base, by ARR
-- expected at risk.
--
-- Expected at risk = ARR × the share that the points stand for (policy: points ÷ 100 until calibrated).
-- Accounts whose revenue is not known stand after the others, by points. Ties go by points, then
-- revenue, then the account's key, so a sheet is always the same.
with bend as (
  select
    points as first,
    share as low,
    lead(points) over (order by points) as last,
    lead(share) over (order by points) as high
  from policy_hotsheet_risk
),
listed as (
  select
    p.as_of,
    p.account,
    a.key,
    p.arr_cents,
    p.points,
    cast(
      round(b.low * p.arr_cents + (b.high - b.low) * p.arr_cents * (p.points - b.first) / (b.last - b.first))
      as BIGINT
    ) as expected_cents,
    count(*) over (partition by p.as_of) as accounts
  from hot_point p
  join account a on a.account = p.account
  join bend b on p.points >= b.first and (p.points < b.last or (b.last = 100 and p.points = 100))
)
select
  as_of,
  account,
  key,
  arr_cents,
  points,
  expected_cents,
  row_number() over (
    partition by as_of
    order by expected_cents desc nulls last, points desc, arr_cents desc nulls last, key
  ) as place
from listed
qualify place <= greatest($hotsheet_least_rows, round($hotsheet_share * accounts))
