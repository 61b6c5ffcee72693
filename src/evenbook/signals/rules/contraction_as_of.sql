-- Revenue that an account gave up in the last days (policy), as of each day.
--
-- What was cut and added at the same instant is one change: a product given up for another counts by
-- the difference.
with changes as (
  select w.as_of, m.account, m.happened_at, sum(m.change_cents) as change_cents
  from weeks w
  join movement m
    on m.visible_at < w.ends_at and m.happened_at >= w.ends_at - to_days(cast($signals_contraction_days as INTEGER))
  where m.kind in ('contraction', 'expansion')
  group by w.as_of, m.account, m.happened_at
)
select
  as_of,
  account,
  -sum(change_cents) as contraction_cents,
  count(*) as contractions,
  max(happened_at) as contracted_at
from changes
where change_cents < 0
group by as_of, account
