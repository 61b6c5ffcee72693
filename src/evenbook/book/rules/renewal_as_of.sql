-- The next renewal of each account as of each day, and when it was last booked.
--
-- A renewal that passed up to 30 days ago and was neither booked nor lost is still the next one.
with due as (
  select
    account,
    coalesce(renews_on, ends_on) as renews_on,
    starts_on,
    visible_at as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      coalesce(lost_at, timestamp '9999-01-01'),
      coalesce(renewed_at, timestamp '9999-01-01')
    ) as until_at
  from contract
  where coalesce(renews_on, ends_on) is not null
)
select w.as_of, d.account, min(d.renews_on) as renews_on
from weeks w
join due d on d.from_at < w.ends_at and d.until_at >= w.ends_at
where coalesce(d.starts_on <= w.as_of, true) and w.as_of <= d.renews_on + 30
group by w.as_of, d.account
