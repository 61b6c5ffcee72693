-- Revenue that an account gave up and kept giving up: contractions still current as of each day.
with current_days as (
  select days from policy_signals_kinds where kind = 'contraction'
)
select
  w.as_of,
  m.account,
  -sum(m.change_cents) as contraction_cents,
  max(m.happened_at) as contracted_at
from weeks w
join movement m
  on m.visible_at < w.ends_at
  and m.happened_at >= w.ends_at - to_days(cast((select days from current_days) as INTEGER))
where m.kind = 'contraction' and m.change_cents < 0
group by w.as_of, m.account
