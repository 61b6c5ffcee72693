-- How far each term of the points stood between its start and its full, for all active accounts, on
-- days so far apart that what followed them does not overlap.
select
  p.as_of,
  p.account,
  p.arr_cents,
  cast(p.usage / nullif(m.usage, 0) as DOUBLE) as usage,
  cast(p.seats / nullif(m.seats, 0) as DOUBLE) as seats,
  cast(p.support / nullif(m.support, 0) as DOUBLE) as support,
  cast(p.contact / nullif(m.contact, 0) as DOUBLE) as contact,
  cast(p.sentiment / nullif(m.sentiment, 0) as DOUBLE) as sentiment,
  cast(p.renewal / nullif(m.renewal, 0) as DOUBLE) as renewal
from hot_point p
cross join (
  select
    max(max_points) filter (term = 'usage') as usage,
    max(max_points) filter (term = 'seats') as seats,
    max(max_points) filter (term = 'support') as support,
    max(max_points) filter (term = 'contact') as contact,
    max(max_points) filter (term = 'sentiment') as sentiment,
    max(max_points) filter (term = 'renewal') as renewal
  from policy_hotsheet_terms
) m
where date_diff('day', p.as_of, $replay_day) % (7 * $hotsheet_replay_weeks) = 0
