-- The completed interactions of the last weeks, as far back as any figure of the week reads (policy).
--
-- `work` is what piece of work it was, null for none. `is_meaningful` is the rule of `heard`, and a test
-- holds them alike; `is_strategic` is what counts against the ceiling.
select
  i.account,
  i.person,
  i.kind,
  k.work,
  i.minutes,
  coalesce(i.action_items, 0) as action_items,
  i.sentiment,
  i.quality,
  coalesce(
    c.counts = 'always'
    or (c.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
    or (c.counts = 'answer' and i.carries_answer),
    false
  ) as is_meaningful,
  coalesce(
    k.work in ('strategic', 'onboarding', 'escalation')
    and i.customer_present
    and i.minutes >= $throughput_strategic_minutes,
    false
  ) as is_strategic,
  i.happened_at,
  i.visible_at,
  i.hidden_at
from interaction i
left join policy_records_kinds c on c.kind = i.kind
left join policy_throughput_kinds k on k.kind = i.kind
where i.status = 'completed'
  and i.happened_at >= $first_ends_at
    - to_days(cast(greatest(7 * $throughput_talk_weeks, $throughput_detection_days) as INTEGER))
