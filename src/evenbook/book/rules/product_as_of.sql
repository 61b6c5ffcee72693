-- How many different products each account had under contract as of each day.
with held as (
  select
    account,
    product,
    greatest(visible_at, coalesce(cast(starts_on as TIMESTAMP), visible_at)) as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      coalesce(lost_at, timestamp '9999-01-01'),
      coalesce(cast(ends_on as TIMESTAMP) + interval 1 day, timestamp '9999-01-01')
    ) as until_at
  from contract
  where product <> ''
)
select w.as_of, h.account, count(distinct h.product) as products
from weeks w
join held h on h.from_at < w.ends_at and h.until_at >= w.ends_at
group by w.as_of, h.account
