-- The tier that serves each active account as of each day, and whether it had to be assumed.
--
-- A tier that someone set stands. Else an account marked as strategic is tier 1, and any other is
-- placed by its revenue between the borders of the base.
select
  a.as_of,
  a.account,
  case
    when a.tier between 1 and 4 then a.tier
    when a.strategic then 1
    when a.arr_cents is null then cast($tiers_unknown_arr_tier as BIGINT)
    when a.arr_cents >= b.first_cents then 1
    when a.arr_cents >= b.second_cents then 2
    when a.arr_cents >= b.third_cents then 3
    else 4
  end as tier,
  not coalesce(a.tier between 1 and 4, false) as assumed
from account_as_of a
left join tier_border b on b.as_of = a.as_of
where a.active
