-- The least revenue that places an account in tiers 1, 2 and 3, as of each day: the borders of the base.
--
-- An account's position is the share of the active accounts with more revenue, those with the same
-- counted half, held against the tiers' top shares (policy). So one account of eight can be the top
-- twelfth, and a hundred equal ones stand in the middle together. A base in which nobody stands high
-- enough has no such border.
with amounts as (
  select as_of, arr_cents, count(*) as accounts
  from account_as_of
  where active and arr_cents is not null
  group by as_of, arr_cents
),
ranked as (
  select
    as_of,
    arr_cents,
    sum(accounts) over (partition by as_of order by arr_cents desc) - accounts / 2 as above,
    sum(accounts) over (partition by as_of) as of_all
  from amounts
)
select
  r.as_of,
  min(r.arr_cents) filter (t.tier = 1) as first_cents,
  min(r.arr_cents) filter (t.tier = 2) as second_cents,
  min(r.arr_cents) filter (t.tier = 3) as third_cents
from ranked r
join policy_tiers_tiers t on r.above <= t.top_share * r.of_all
group by r.as_of
