-- The hot sheet of each day: the policy's share of the active base, by ARR expected at risk.
--
-- Expected at risk = ARR × points ÷ 100. Accounts whose revenue is not known stand after the others,
-- by points. Ties go by points, then revenue, then the account's id, so a sheet is always the same.
with points as (
  select
    as_of,
    account,
    sum(points) as points,
    to_json(list(
      {'signal': term, 'points': round(points, 1), 'text': says} order by points desc, term
    )) as reasons,
    arg_max(term, (points, term)) as main_term
  from hot_point
  group by as_of, account
),
base as (
  select
    c.as_of,
    c.account,
    a.key,
    o.person,
    o.pool,
    c.arr_cents,
    coalesce(p.points, 0) as points,
    cast(round(c.arr_cents * coalesce(p.points, 0) / 100) as BIGINT) as expected_cents,
    coalesce(p.reasons, '[]') as reasons,
    p.main_term,
    count(*) over (partition by c.as_of) as accounts
  from condition_as_of c
  join account a on a.account = c.account
  join account_as_of o on o.as_of = c.as_of and o.account = c.account
  left join points p on p.as_of = c.as_of and p.account = c.account
),
ranked as (
  select
    *,
    row_number() over (
      partition by as_of
      order by expected_cents desc nulls last, points desc, arr_cents desc nulls last, key
    ) as place
  from base
)
select
  r.as_of,
  r.place as place,
  r.account,
  r.key,
  r.person,
  r.pool,
  r.points,
  r.arr_cents,
  r.expected_cents,
  r.reasons,
  coalesce(p.play, '') as play
from ranked r
left join policy_hotsheet_plays p on p.term = r.main_term
where r.place <= greatest($hotsheet_least_rows, round($hotsheet_share * r.accounts))
order by r.as_of, r.place
