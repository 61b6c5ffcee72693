-- Of each product as of each day: how many active accounts have it, the hours of training that they had, and
-- how many of their paid seats are in use; and the same of the accounts that do not have it.
--
-- Training is completed onboarding work in the records, whatever it was about: sources do not say for which
-- product an hour was. So it is held against adoption of accounts, and only where they have hours or seats.
-- Means are of decimals, which add up to the same in any order.
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
),
had as (
  select distinct w.as_of, h.account, h.product
  from weeks w
  join held h on h.from_at < w.ends_at and h.until_at >= w.ends_at
),
trained as (
  select w.as_of, t.account, sum(t.minutes) / 60 as hours
  from weeks w
  join training t on t.visible_at < w.ends_at and (t.hidden_at is null or t.hidden_at >= w.ends_at)
  group by w.as_of, t.account
),
figures as (
  select
    p.as_of,
    p.account,
    cast(p.seats_used as DECIMAL(38, 9)) as seats_used,
    cast(t.hours as DECIMAL(38, 9)) as hours
  from expansion_point p
  left join trained t on t.as_of = p.as_of and t.account = p.account
),
products as (select distinct as_of, product from had)
select
  g.as_of,
  g.product,
  count(h.account) as accounts,
  avg(f.hours) filter (h.account is not null) as hours_with,
  avg(f.seats_used) filter (h.account is not null) as seats_with,
  count(*) - count(h.account) as others,
  avg(f.hours) filter (h.account is null) as hours_without,
  avg(f.seats_used) filter (h.account is null) as seats_without
from products g
join figures f on f.as_of = g.as_of
left join had h on h.as_of = g.as_of and h.account = f.account and h.product = g.product
group by g.as_of, g.product
order by g.as_of, g.product
