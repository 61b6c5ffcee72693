-- The tier that serves each active account as of each day, and whether it had to be assumed.
--
-- A tier that someone set stands. Else an account marked as strategic is tier 1, and any other is
-- placed by its revenue among the active accounts: its position is the share of them with more
-- revenue, those with the same counted half, held against the tiers' top shares (policy). So one
-- account of eight can be the top twelfth, and a hundred equal ones stand in the middle together.
with asked as (
  select as_of from account_as_of where active and not coalesce(tier between 1 and 4, false) group by as_of
),
amounts as (
  select a.as_of, a.arr_cents, count(*) as accounts
  from account_as_of a
  join asked k on k.as_of = a.as_of
  where a.active and a.arr_cents is not null
  group by a.as_of, a.arr_cents
),
ranked as (
  select
    as_of,
    arr_cents,
    sum(accounts) over (partition by as_of order by arr_cents desc) - accounts / 2 as above,
    sum(accounts) over (partition by as_of) as of_all
  from amounts
),
placed as (
  select r.as_of, r.arr_cents, min(t.tier) as tier
  from ranked r
  join policy_tiers_tiers t on r.above <= t.top_share * r.of_all
  group by r.as_of, r.arr_cents
)
select
  a.as_of,
  a.account,
  case
    when a.tier between 1 and 4 then a.tier
    when a.strategic then 1
    else coalesce(p.tier, cast($tiers_unknown_arr_tier as BIGINT))
  end as tier,
  not coalesce(a.tier between 1 and 4, false) as assumed
from account_as_of a
left join placed p on p.as_of = a.as_of and p.arr_cents = a.arr_cents
where a.active
