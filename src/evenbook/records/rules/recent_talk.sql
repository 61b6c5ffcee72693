-- The completed interactions that the last weeks' counts are made of: those of the longest window that
-- any rule looks back (policy), and scored calls as far back as sentiment is read.
--
-- `is_meaningful` and `is_word`, whether it is a word of the contact, are the rules of `heard`; a test
-- holds them alike.
select
  i.account,
  i.row_id,
  coalesce(i.contact, '') as contact,
  i.action_items,
  i.sentiment,
  coalesce(
    k.counts = 'always'
    or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
    or (k.counts = 'answer' and i.carries_answer),
    false
  ) as is_meaningful,
  coalesce(k.counts not in ('never', 'internal'), true) as is_word,
  i.happened_at,
  i.visible_at,
  i.hidden_at
from interaction i
left join policy_records_kinds k on k.kind = i.kind
where i.status = 'completed'
  and i.happened_at >= $first_ends_at
    - to_days(
      cast(
        greatest($capacity_stakeholder_days, 7 * $capacity_dense_weeks, $signals_sentiment_days) as INTEGER
      )
    )
  and (
    i.sentiment is not null
    or i.happened_at >= $first_ends_at
      - to_days(cast(greatest($capacity_stakeholder_days, 7 * $capacity_dense_weeks) as INTEGER))
  )
