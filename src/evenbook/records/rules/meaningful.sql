-- The interactions that count as coverage (policy: kinds, and minutes with the customer present).
--
-- Booked, cancelled and missed ones never count. A held version (`hidden_at`) counts while it held.
select i.account, i.action_items, i.happened_at, i.visible_at, i.hidden_at
from interaction i
join policy_records_kinds k on k.kind = i.kind
where i.status = 'completed'
  and (
    k.counts = 'always'
    or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
    or (k.counts = 'answer' and i.carries_answer)
  )
