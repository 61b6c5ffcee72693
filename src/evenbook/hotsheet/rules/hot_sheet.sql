-- The hot sheet of each day: the policy's share of the active base, by ARR expected at risk.
--
-- Expected at risk = ARR × points ÷ 100. Accounts whose revenue is not known stand after the others,
-- by points. Ties go by points, then revenue, then the account's id, so a sheet is always the same.
with points as (
  select as_of, account, cast(sum(cast(points as DECIMAL(18, 6))) as DOUBLE) as points
  from hot_point
  group by as_of, account
),
base as (
  select
    c.as_of,
    c.account,
    c.arr_cents,
    coalesce(p.points, 0) as points,
    cast(round(c.arr_cents * coalesce(p.points, 0) / 100) as BIGINT) as expected_cents,
    count(*) over (partition by c.as_of) as accounts
  from condition_as_of c
  left join points p on p.as_of = c.as_of and p.account = c.account
),
listed as (
  select b.*, a.key
  from base b
  join account a on a.account = b.account
),
ranked as (
  select
    *,
    row_number() over (
      partition by as_of
      order by expected_cents desc nulls last, points desc, arr_cents desc nulls last, key
    ) as place
  from listed
  qualify place <= greatest($hotsheet_least_rows, round($hotsheet_share * accounts))
),
reasons as (
  select
    h.as_of,
    h.account,
    to_json(list(
      {'signal': h.term, 'points': round(h.points, 1), 'text': h.says} order by h.points desc, h.term
    )) as reasons,
    arg_max(h.term, (h.points, h.term)) as main_term
  from hot_point h
  join ranked r on r.as_of = h.as_of and r.account = h.account
  group by h.as_of, h.account
)
select
  r.as_of,
  r.place as place,
  r.account,
  r.key,
  o.person,
  o.pool,
  r.points,
  r.arr_cents,
  r.expected_cents,
  coalesce(y.reasons, '[]') as reasons,
  coalesce(p.play, '') as play
from ranked r
join account_as_of o on o.as_of = r.as_of and o.account = r.account
left join reasons y on y.as_of = r.as_of and y.account = r.account
left join policy_hotsheet_plays p on p.term = y.main_term
order by r.as_of, r.place
