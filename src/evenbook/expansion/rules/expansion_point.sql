-- What each active account has, does and could have more of as of each day, and the points of each term.
--
-- A term has no points at its `starts_at`, all at `full_at`, evenly between; one whose figure is not known
-- has none. Room is the share of our products that they do not have, of those that anybody has had under
-- contract so far. A meeting counts that was completed with the customer within policy's cycles. Points
-- have one decimal, so that those shown add up.
with terms as (
  select
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'whitespace') as whitespace,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'seats') as seats,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'growth') as growth,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'reached') as reached,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'hands') as hands
  from policy_expansion_list_terms
),
catalogue as (
  select w.as_of, count(*) as products
  from weeks w
  join (select product, min(visible_at) as visible_at from contract where product <> '' group by product) p
    on p.visible_at < w.ends_at
  group by w.as_of
),
met as (
  select w.as_of, i.account, count(*) as meetings, max(i.happened_at) as met_at
  from weeks w
  join interaction i
    on i.visible_at < w.ends_at
    and i.happened_at >= w.ends_at
      - to_days(cast($expansion_list_cycles * $expansion_list_cycle_days as INTEGER))
  where i.status = 'completed' and i.customer_present
    and i.kind in ('meeting', 'call', 'strategic', 'business_review', 'onboarding')
    and i.happened_at >= $first_ends_at
      - to_days(cast($expansion_list_cycles * $expansion_list_cycle_days as INTEGER))
    and (i.hidden_at is null or i.hidden_at >= w.ends_at)
  group by w.as_of, i.account
),
asked as (
  select w.as_of, t.account, count(*) as requests
  from weeks w
  join ticket t
    on t.visible_at < w.ends_at
    and t.happened_at >= w.ends_at - to_days(cast($capacity_feature_ask_days as INTEGER))
  where lower(t.kind) like '%feature%' and t.by_hand is not true and (t.hidden_at is null or t.hidden_at >= w.ends_at)
  group by w.as_of, t.account
),
under_way as (
  select as_of, account, count(*) as hands
  from (
    select w.as_of, e.account, e.opening
    from weeks w
    join opening_event e on e.visible_at < w.ends_at
    group by w.as_of, e.account, e.opening
    having not bool_or(e.kind in ('won', 'lost', 'dropped'))
  )
  group by as_of, account
),
figures as (
  select
    c.as_of,
    c.account,
    c.arr_cents,
    a.products,
    case when g.products > 0 and a.products is not null then greatest(g.products - a.products, 0) end as whitespace,
    case when g.products > 0 and a.products is not null
      then greatest(g.products - a.products, 0) / g.products end as room,
    g.products as catalogue,
    c.seats_used,
    c.seats,
    c.seen_mean,
    case when c.usage_lost is not null then -c.usage_lost end as growth,
    coalesce(m.meetings, 0) as meetings,
    m.met_at,
    coalesce(k.requests, 0) as requests,
    coalesce(u.hands, 0) as hands,
    c.renews_on,
    c.renewal_days,
    c.open_escalations,
    c.champion_left_at
  from condition_as_of c
  join account_as_of a on a.as_of = c.as_of and a.account = c.account
  left join catalogue g on g.as_of = c.as_of
  left join met m on m.as_of = c.as_of and m.account = c.account
  left join asked k on k.as_of = c.as_of and k.account = c.account
  left join under_way u on u.as_of = c.as_of and u.account = c.account
),
counted as (
  select
    f.*,
    cast(coalesce(p.whitespace.most * greatest(0, least(1,
      (coalesce(f.room, p.whitespace.starts) - p.whitespace.starts) / (p.whitespace.full - p.whitespace.starts))), 0) as DECIMAL(9, 1)) as of_whitespace,
    cast(coalesce(p.seats.most * greatest(0, least(1,
      (coalesce(f.seats_used, p.seats.starts) - p.seats.starts) / (p.seats.full - p.seats.starts))), 0) as DECIMAL(9, 1)) as of_seats,
    cast(coalesce(p.growth.most * greatest(0, least(1,
      (coalesce(f.growth, p.growth.starts) - p.growth.starts) / (p.growth.full - p.growth.starts))), 0) as DECIMAL(9, 1)) as of_growth,
    cast(coalesce(p.reached.most * greatest(0, least(1,
      (coalesce(f.meetings, p.reached.starts) - p.reached.starts) / (p.reached.full - p.reached.starts))), 0) as DECIMAL(9, 1)) as of_reached,
    cast(coalesce(p.hands.most * greatest(0, least(1,
      (coalesce(f.hands, p.hands.starts) - p.hands.starts) / (p.hands.full - p.hands.starts))), 0) as DECIMAL(9, 1)) as of_hands
  from figures f
  cross join terms p
)
select *, of_whitespace + of_seats + of_growth + of_reached + of_hands as points from counted
