-- The expansion list of each day: the policy's share of the active base with most room and proven value.
--
-- Who has all that we sell is not on it. By points; ties go by revenue, then the account's key, so a list is
-- always the same. An account on the day's hot sheet stays on it, marked as held: nobody reaches out until
-- the save is closed. Each reason has its points and a sentence of dated facts; they add up to the points.
with placed as (
  select
    p.as_of,
    p.account,
    a.key,
    row_number() over (
      partition by p.as_of order by p.points desc, p.arr_cents desc nulls last, a.key
    ) as place
  from expansion_point p
  join account a on a.account = p.account
  where coalesce(p.whitespace, 1) > 0
),
longest as (
  select as_of, greatest(1, round($expansion_list_share * count(*))) as rows from expansion_point group by as_of
),
ranked as (
  select p.*, l.key, l.place, h.account is not null as is_held
  from placed l
  join longest m on m.as_of = l.as_of and l.place <= m.rows
  join expansion_point p on p.as_of = l.as_of and p.account = l.account
  left join hot_sheet h on h.as_of = l.as_of and h.account = l.account
),
told as (
  select
    *,
    list_filter(
      [
        {
          'place': -of_whitespace, 'term': 'whitespace', 'points': of_whitespace,
          'text': format('has {} of our {} products', products, catalogue)
        },
        {
          'place': -of_seats, 'term': 'seats', 'points': of_seats,
          'text': format('{:.0f}% of {:,} paid seats in use', 100 * seats_used, seats)
        },
        {
          'place': -of_growth, 'term': 'growth', 'points': of_growth,
          'text': format('usage {:.0f}% above the usual level', 100 * growth)
        },
        {
          'place': -of_reached, 'term': 'reached', 'points': of_reached,
          'text': format(
            '{} {} completed, the last on {}',
            meetings, if(meetings = 1, 'meeting', 'meetings'), strftime(met_at, '%-d %b %Y')
          )
        },
        {
          'place': -of_hands, 'term': 'hands', 'points': of_hands,
          'text': format('{} {} under way', hands, if(hands = 1, 'opening', 'openings'))
        }
      ],
      lambda one: one.points > 0
    ) as reasons
  from ranked
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
  to_json(
    list_transform(
      list_sort(r.reasons),
      lambda one: {'signal': one.term, 'points': cast(one.points as DOUBLE), 'text': one.text}
    )
  ) as reasons,
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
from told r
order by r.as_of, r.place
