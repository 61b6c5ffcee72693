-- The accounts whose tier no longer fits, as of each day: up or down, to which tier, and on what grounds.
--
-- Up: marked as strategic; or revenue past the border for the weeks of policy (`arr`); or an open
-- expansion that would carry the revenue past the next border (`expansion`). Down: revenue under the
-- border for the weeks of policy, of an account that is not strategic. Whether it may move is told by
-- `tier_hindrance`. An account whose tier nobody set follows its revenue anyway, and has no row.
with expanding as (
  select w.as_of, o.account, count(*) as expansions, sum(o.amount_cents) as expansion_cents
  from weeks w
  join opportunity o
    on o.visible_at < w.ends_at
    and coalesce(o.hidden_at, timestamp '9999-01-01') >= w.ends_at
    and coalesce(o.won_at, timestamp '9999-01-01') >= w.ends_at
    and coalesce(o.lost_at, timestamp '9999-01-01') >= w.ends_at
    and o.happened_at >= w.ends_at - to_days(cast($moves_expansion_days as INTEGER))
  where lower(o.kind) = 'expansion'
  group by w.as_of, o.account
),
served as (
  select
    a.as_of,
    a.account,
    a.person,
    a.pool,
    a.tier,
    cast(a.tier_since as DATE) as tier_since_on,
    a.strategic,
    a.arr_cents,
    a.complexity,
    b.first_cents,
    b.second_cents,
    b.third_cents,
    k.side,
    k.toward,
    k.since_on,
    k.red_on,
    k.unsettled_on,
    date_diff('day', k.since_on, a.as_of) as held_days,
    coalesce(e.expansions, 0) as expansions,
    coalesce(e.expansion_cents, 0) as expansion_cents,
    case a.tier when 2 then b.first_cents when 3 then b.second_cents when 4 then b.third_cents end as next_cents
  from account_as_of a
  left join tier_border b on b.as_of = a.as_of
  left join tier_streak k on k.as_of = a.as_of and k.account = a.account
  left join expanding e on e.as_of = a.as_of and e.account = a.account
  where a.active and a.tier between 1 and 4
),
grounds as (
  select
    *,
    strategic and tier > 1 as by_mark,
    coalesce(side = -1 and held_days >= 7 * $moves_up_weeks, false) as by_rise,
    coalesce(
      tier > 1 and expansions > 0 and arr_cents + expansion_cents >= next_cents * (1 + $moves_margin_share), false
    ) as by_expansion,
    coalesce(side = 1 and held_days >= 7 * $moves_down_weeks and not strategic, false) as by_fall
  from served
),
moving as (
  select
    *,
    case when by_fall then 'down' else 'up' end as direction,
    case
      when by_fall then toward
      when by_mark then 1
      when by_rise then toward
      else tier - 1
    end as to_tier
  from grounds
  where by_mark or by_rise or by_expansion or by_fall
)
select
  as_of,
  account,
  person,
  pool,
  direction,
  tier as from_tier,
  to_tier,
  concat_ws(
    ',',
    case when by_mark then 'strategic' end,
    case when by_rise or by_fall then 'arr' end,
    case when by_expansion then 'expansion' end
  ) as grounds,
  arr_cents,
  case
    when direction = 'up'
      then case to_tier when 1 then first_cents when 2 then second_cents else third_cents end
    else case to_tier when 2 then first_cents when 3 then second_cents else third_cents end
  end as border_cents,
  case when by_rise or by_fall then since_on end as since_on,
  expansions,
  cast(expansion_cents as BIGINT) as expansion_cents,
  complexity,
  tier_since_on,
  red_on,
  unsettled_on
from moving
