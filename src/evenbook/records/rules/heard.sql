-- When each contact was last heard of, and when that was meaningful: completed interactions, folded.
--
-- A row holds from `from_at` until `until_at` (null: still); what was known before the first day is one
-- row a contact. Interactions without a contact stand under an empty one. What is meaningful is
-- policy: the kinds, and the minutes with the customer present. Kinds that never count, such as a mail
-- or a bulk send of ours, and internal ones are no word of the contact. `seen_from` is when the first of
-- them could be seen.
select
  i.account,
  coalesce(i.contact, '') as contact,
  greatest(i.visible_at, $first_ends_at - interval 1 microsecond) as from_at,
  i.hidden_at as until_at,
  max(i.happened_at) filter (k.counts is null or k.counts not in ('never', 'internal')) as heard_at,
  max(i.happened_at) filter (
    k.counts = 'always'
    or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
    or (k.counts = 'answer' and i.carries_answer)
  ) as meaningful_at,
  min(i.visible_at) as seen_from
from interaction i
left join policy_records_kinds k on k.kind = i.kind
where i.status = 'completed'
group by i.account, coalesce(i.contact, ''), from_at, i.hidden_at
