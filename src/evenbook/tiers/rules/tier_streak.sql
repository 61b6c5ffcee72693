-- For how long the revenue of each account has clearly been past the border of the tier that it is in,
-- as of each day, and when the account was last red, or red or yellow.
--
-- One reading a week. A streak goes on while every reading is past the same side of the same tier by the
-- margin (policy); a reading within the margin, or a change of tier, ends it: so an account that wobbles
-- around a border has no streak. `toward` is the tier nearest to the present one of those that the readings
-- of the streak reach. A tier that nobody set has no streak. Only accounts with a streak, or that were red
-- or yellow as lately as anything asks, have a row; a run goes on from the rows of the run a week before.
with windows as (
  select cast(greatest(7 * $moves_stable_weeks, $moves_event_days) as INTEGER) as days
),
borders as (
  select
    as_of,
    first_cents * (1 + $moves_margin_share) as above_1,
    second_cents * (1 + $moves_margin_share) as above_2,
    third_cents * (1 + $moves_margin_share) as above_3,
    first_cents * (1 - $moves_margin_share) as below_1,
    second_cents * (1 - $moves_margin_share) as below_2,
    third_cents * (1 - $moves_margin_share) as below_3
  from tier_border
),
placed as (
  select
    a.as_of,
    a.account,
    case when a.active and a.tier between 1 and 4 and a.arr_cents is not null then a.tier end as tier,
    case
      when a.arr_cents >= b.above_1 then 1
      when a.arr_cents >= b.above_2 then 2
      when a.arr_cents >= b.above_3 then 3
      else 4
    end as risen_to,
    case
      when a.arr_cents < b.below_3 then 4
      when a.arr_cents < b.below_2 then 3
      when a.arr_cents < b.below_1 then 2
      else 1
    end as fallen_to,
    case when a.active then s.color end as color
  from account_as_of a
  left join borders b on b.as_of = a.as_of
  left join standing_as_of s on s.as_of = a.as_of and s.account = a.account
),
readings as (
  select
    as_of,
    account,
    tier,
    case when risen_to < tier then -1 when fallen_to > tier then 1 else 0 end as side,
    case when risen_to < tier then risen_to when fallen_to > tier then fallen_to end as reaches,
    cast(null as DATE) as since_on,
    case when color = 'red' then as_of end as red_on,
    case when color in ('red', 'yellow') then as_of end as unsettled_on,
    false as is_carried
  from placed
),
carried as (
  select as_of, account, tier, side, toward as reaches, since_on, red_on, unsettled_on, true as is_carried
  from tier_streak_carry
  where as_of = (select min(as_of) - 7 from weeks)
),
told as (
  select account from readings where side <> 0 or unsettled_on is not null
  union
  select account from carried
),
ordered as (
  from readings semi join told using (account)
  union all by name
  from carried
),
begun as (
  select
    *,
    case
      when is_carried then since_on
      when side <> 0 and not coalesce(lag(side) over so_far = side and lag(tier) over so_far = tier, false) then as_of
    end as begins_on
  from ordered
  window so_far as (partition by account order by as_of)
),
dated as (
  select
    * exclude (since_on, red_on, unsettled_on),
    case when side <> 0 then last_value(begins_on ignore nulls) over so_far end as since_on,
    max(red_on) over so_far as red_on,
    max(unsettled_on) over so_far as unsettled_on
  from begun
  window so_far as (partition by account order by as_of rows between unbounded preceding and current row)
),
reached as (
  select
    *,
    case
      when side = -1 then max(reaches) over streak
      when side = 1 then min(reaches) over streak
    end as toward
  from dated
  window streak as (
    partition by account, side, since_on order by as_of rows between unbounded preceding and current row
  )
)
select
  r.as_of,
  r.account,
  r.tier,
  cast(r.side as INTEGER) as side,
  cast(r.toward as BIGINT) as toward,
  r.since_on,
  case when r.as_of - r.red_on <= w.days then r.red_on end as red_on,
  case when r.as_of - r.unsettled_on <= w.days then r.unsettled_on end as unsettled_on
from reached r
cross join windows w
where not r.is_carried
  and (r.side <> 0 or r.as_of - r.unsettled_on <= w.days)
