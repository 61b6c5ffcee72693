-- How far a sale to each existing account has come, as of each day: active, qualified or emerging.
--
-- Active and qualified need an open opportunity that is no renewal; active is one in a stage that
-- policy counts as an active cycle. Emerging is what could be sold and nobody has opened: products
-- not owned beyond policy's share of the catalogue, or a feature asked for so often so lately. An
-- account without a row has none.
with open_sales as (
  select
    account,
    visible_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      coalesce(won_at, timestamp '9999-01-01'),
      coalesce(lost_at, timestamp '9999-01-01')
    ) as until_at,
    exists (
      select 1 from policy_capacity_active_stage_words a where contains(lower(o.stage), lower(a.value))
    ) as is_active
  from opportunity o
  where coalesce(lower(kind), '') not like '%renew%'
),
selling as (
  select w.as_of, s.account, bool_or(s.is_active) as is_active
  from weeks w
  join open_sales s on s.visible_at < w.ends_at and s.until_at >= w.ends_at
  group by w.as_of, s.account
),
asks as (
  select w.as_of, t.account
  from weeks w
  join ticket t
    on t.visible_at < w.ends_at
    and t.happened_at >= w.ends_at - to_days(cast($capacity_feature_ask_days as INTEGER))
  where lower(t.kind) like '%feature%' and t.by_hand is not true and (t.hidden_at is null or t.hidden_at >= w.ends_at)
  group by w.as_of, t.account
  having count(*) >= $capacity_feature_asks
),
catalogue as (
  select w.as_of, count(*) as products
  from weeks w
  join (select product, min(visible_at) as visible_at from contract where product <> '' group by product) p
    on p.visible_at < w.ends_at
  group by w.as_of
),
emerging as (
  select a.as_of, a.account
  from account_as_of a
  join catalogue c on c.as_of = a.as_of
  where a.active and a.products >= 1 and 1 - a.products / c.products > $capacity_whitespace_share
  union
  select as_of, account from asks
)
select
  coalesce(s.as_of, e.as_of) as as_of,
  coalesce(s.account, e.account) as account,
  case when s.is_active then 'active' when s.account is not null then 'qualified' else 'emerging' end as expansion
from selling s
full join emerging e on e.as_of = s.as_of and e.account = s.account
