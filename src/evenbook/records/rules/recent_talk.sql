-- The completed interactions that the last weeks' counts are made of: meaningful ones as far back as
-- follow-ups are counted (policy), and scored calls as far back as sentiment is read.
--
-- `is_meaningful` is the rule of `heard`; a test holds them alike.
with judged as (
  select
    i.account,
    i.row_id,
    i.action_items,
    i.sentiment,
    coalesce(
      k.counts = 'always'
      or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
      or (k.counts = 'answer' and i.carries_answer),
      false
    ) as is_meaningful,
    i.happened_at,
    i.visible_at,
    i.hidden_at
  from interaction i
  left join policy_records_kinds k on k.kind = i.kind
  where i.status = 'completed'
    and i.happened_at >= $first_ends_at
      - to_days(cast(greatest(7 * $capacity_dense_weeks, $signals_sentiment_days) as INTEGER))
)
select *
from judged
where sentiment is not null
  or (is_meaningful and happened_at >= $first_ends_at - to_days(cast(7 * $capacity_dense_weeks as INTEGER)))
