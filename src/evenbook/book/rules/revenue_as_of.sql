-- Yearly recurring revenue of each account as of each day: the sum of its movements so far.
--
-- An account without any movement has no row: its revenue is unknown, not zero.
with opening as (
  select
    account,
    timestamp '0001-01-01' as visible_at,
    sum(change_cents) as change_cents,
    max(happened_at) filter (change_cents > 0) as gained_at,
    max(happened_at) filter (change_cents < 0) as lost_at
  from movement
  where visible_at < $first_ends_at
  group by account
),
later as (
  select
    account,
    visible_at,
    sum(change_cents) as change_cents,
    max(happened_at) filter (change_cents > 0) as gained_at,
    max(happened_at) filter (change_cents < 0) as lost_at
  from movement
  where visible_at >= $first_ends_at
  group by account, visible_at
),
timeline as (
  select
    account,
    visible_at,
    sum(change_cents) over seen as arr_cents,
    max(gained_at) over seen as gained_at,
    max(lost_at) over seen as lost_at
  from (from opening union all by name from later)
  window seen as (partition by account order by visible_at rows between unbounded preceding and current row)
)
select
  w.as_of,
  t.account,
  cast(t.arr_cents as BIGINT) as arr_cents,
  t.gained_at,
  t.lost_at
from weeks w
join account a on a.visible_at < w.ends_at
asof join timeline t on t.account = a.account and t.visible_at < w.ends_at
