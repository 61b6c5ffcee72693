-- The expansion list of each day: the policy's share of the active base with most room and proven value.
--
-- Who has all that we sell is not on it. By points; ties go by revenue, then the account's key, so a list is
-- always the same. An account on the day's hot sheet stays on it, marked as held: nobody reaches out until
-- the save is closed. Each reason has its points and a sentence of dated facts; they add up to the points.
with listed as (
  select
    p.*,
    a.key,
    h.account is not null as is_held,
    count(*) over (partition by p.as_of) as accounts
  from expansion_point p
  join account a on a.account = p.account
  left join hot_sheet h on h.as_of = p.as_of and h.account = p.account
),
ranked as (
  select
    *,
    row_number() over (partition by as_of order by points desc, arr_cents desc nulls last, key) as place
  from listed
  where coalesce(whitespace, 1) > 0
  qualify place <= greatest(1, round($expansion_list_share * accounts))
),
reasons as (
  select
    as_of, account, 'whitespace' as term, of_whitespace as points,
    format('has {} of our {} products', products, catalogue) as says
  from ranked
  union all
  select
    as_of, account, 'seats', of_seats,
    format('{:.0f}% of {:,} paid seats in use', 100 * seats_used, seats)
  from ranked
  union all
  select as_of, account, 'growth', of_growth, format('usage {:.0f}% above the usual level', 100 * growth)
  from ranked
  union all
  select
    as_of, account, 'reached', of_reached,
    format(
      '{} {} completed, the last on {}',
      meetings, if(meetings = 1, 'meeting', 'meetings'), strftime(met_at, '%-d %b %Y')
    )
  from ranked
  union all
  select
    as_of, account, 'hands', of_hands, format('{} {} under way', hands, if(hands = 1, 'opening', 'openings'))
  from ranked
),
told as (
  select
    as_of,
    account,
    to_json(
      list_transform(
        list_sort(list({'place': -points, 'term': term, 'points': points, 'text': says})),
        lambda one: {'signal': one.term, 'points': cast(one.points as DOUBLE), 'text': one.text}
      )
    ) as reasons
  from reasons
  where points > 0
  group by as_of, account
)
select
  r.as_of,
  r.place,
  r.account,
  r.key,
  cast(r.points as DOUBLE) as points,
  r.arr_cents,
  coalesce(r.products, 0) as products,
  coalesce(r.whitespace, 0) as whitespace,
  cast(r.met_at as DATE) as reached_on,
  r.is_held,
  r.hands,
  coalesce(t.reasons, '[]') as reasons,
  to_json(
    list_filter(
      [
        case when r.is_held then 'On the hot sheet: held until the save is closed.' end,
        case when r.open_escalations > 0 then 'An escalation is open.' end,
        case
          when r.renewal_days between 0 and $expansion_list_renewal_days
            then format('Renews on {}: talk within the renewal.', strftime(r.renews_on, '%-d %b %Y'))
        end,
        case
          when r.champion_left_at is not null
            then format('The champion left on {}.', strftime(r.champion_left_at, '%-d %b %Y'))
        end,
        case when r.met_at is null then 'Not reached: no meeting in the cycles of the policy.' end
      ],
      lambda one: one is not null
    )
  ) as flags
from ranked r
left join told t on t.as_of = r.as_of and t.account = r.account
order by r.as_of, r.place
