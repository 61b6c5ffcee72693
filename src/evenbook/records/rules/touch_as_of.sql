-- The last meaningful interaction of each account as of each day, whoever of the team had it.
with first as (
  select min(ends_at) as ends_at from weeks
),
opening as (
  select account, timestamp '0001-01-01' as visible_at, max(happened_at) as happened_at
  from meaningful
  where hidden_at is null and visible_at < (select ends_at from first)
  group by account
),
later as (
  select account, visible_at, max(happened_at) as happened_at
  from meaningful
  where hidden_at is null and visible_at >= (select ends_at from first)
  group by account, visible_at
),
timeline as (
  select
    account,
    visible_at,
    max(happened_at) over (
      partition by account order by visible_at rows between unbounded preceding and current row
    ) as happened_at
  from (from opening union all by name from later)
),
lasting as (
  select w.as_of, t.account, t.happened_at
  from weeks w
  join account a on a.visible_at < w.ends_at
  asof join timeline t on t.account = a.account and t.visible_at < w.ends_at
),
replaced as (
  select w.as_of, m.account, max(m.happened_at) as happened_at
  from weeks w
  join meaningful m on m.hidden_at is not null and m.visible_at < w.ends_at and m.hidden_at >= w.ends_at
  group by w.as_of, m.account
)
select
  coalesce(l.as_of, r.as_of) as as_of,
  coalesce(l.account, r.account) as account,
  greatest(coalesce(l.happened_at, r.happened_at), coalesce(r.happened_at, l.happened_at)) as last_meaningful_at
from lasting l
full join replaced r on r.as_of = l.as_of and r.account = l.account
