-- How many accounts and how much revenue each owner holds by tier and segment, as of each day.
--
-- `staff` is how many people share the queue of a pool on the day.
with staff as (
  select w.as_of, m.pool, count(distinct m.person) as people
  from weeks w
  join pool_member m on m.since_on <= w.as_of and coalesce(m.until_on, date '9999-01-01') > w.as_of
  group by w.as_of, m.pool
)
select
  a.as_of,
  a.person,
  a.pool,
  t.tier,
  coalesce(a.segment, '') as segment,
  count(*) as accounts,
  count(*) filter (t.assumed) as assumed,
  count(a.arr_cents) as known,
  cast(coalesce(sum(a.arr_cents), 0) as BIGINT) as arr_cents,
  any_value(s.people) as staff
from account_as_of a
join tier_as_of t on t.as_of = a.as_of and t.account = a.account
left join staff s on s.as_of = a.as_of and s.pool = a.pool
group by a.as_of, a.person, a.pool, t.tier, coalesce(a.segment, '')
