-- What was lost, as it is known on the last day: customers that left, and revenue that fell by the
-- policy's share or more within a day.
--
-- Losses of an account that follow one another within the weeks of a hit are one: the date of the first,
-- what all took together, and a churn if one of them was. A customer that left without revenue that we
-- know of counts, with an unknown amount. What came back the same day is not lost.
with last_day as (
  select max(as_of) as as_of, max(ends_at) as ends_at from weeks
),
by_day as (
  select m.account, cast(m.happened_at as DATE) as happened_on, sum(m.change_cents) as change_cents
  from movement m
  join last_day l on m.happened_at < l.ends_at and m.visible_at < l.ends_at
  group by m.account, cast(m.happened_at as DATE)
),
before as (
  select
    *,
    coalesce(
      sum(change_cents) over (
        partition by account order by happened_on rows between unbounded preceding and 1 preceding
      ),
      0
    ) as arr_cents
  from by_day
),
gone as (
  select a.account, cast(a.churned_at as DATE) as happened_on
  from account_as_of a
  join last_day l on l.as_of = a.as_of
  where a.churned_at is not null
),
left_with as (
  select g.account, g.happened_on, nullif(coalesce(sum(b.change_cents), 0), 0) as arr_cents
  from gone g
  left join by_day b on b.account = g.account and b.happened_on < g.happened_on
  group by g.account, g.happened_on
),
losses as (
  select account, happened_on, arr_cents as lost_cents, true as is_churn
  from left_with
  union all
  select b.account, b.happened_on, -b.change_cents, b.arr_cents + b.change_cents <= 0
  from before b
  left join gone g on g.account = b.account and g.happened_on <= b.happened_on
  where
    g.account is null
    and b.arr_cents > 0
    and b.change_cents <= -b.arr_cents * $hotsheet_replay_loss
),
apart as (
  select
    *,
    coalesce(
      date_diff('day', lag(happened_on) over (partition by account order by happened_on), happened_on)
        > 7 * $hotsheet_replay_weeks,
      true
    ) as begins
  from losses
),
numbered as (
  select *, count(*) filter (begins) over (partition by account order by happened_on) as episode
  from apart
)
select
  account,
  min(happened_on) as happened_on,
  cast(sum(lost_cents) as BIGINT) as lost_cents,
  bool_or(is_churn) as is_churn
from numbered
group by account, episode
