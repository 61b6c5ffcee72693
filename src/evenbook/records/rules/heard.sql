-- When each contact was last heard of, and when that was meaningful: completed interactions, folded.
--
-- A row holds from `from_at` until `until_at` (null: still); what was known before the first day is one
-- row a contact. Interactions without a contact stand under an empty one. What is meaningful is
-- policy: the kinds, and the minutes with the customer present. Kinds that never count, such as a mail
-- or a bulk send of ours, and internal ones are no word of the contact.
--
-- Only what could be seen since the carry is read, the rest is what the run before left. Accounts of
-- which a version was replaced since (`reopened`) are read anew.
with reopened as (
  select distinct account
  from interaction
  where hidden_at >= $carried_until and visible_at < $carried_until
),
taken as (
  from interaction where visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  from interaction semi join reopened using (account) where visible_at < $carried_until
),
told as (
  select
    i.account,
    coalesce(i.contact, '') as contact,
    i.visible_at as from_at,
    i.hidden_at as until_at,
    case when k.counts is null or k.counts not in ('never', 'internal') then i.happened_at end as heard_at,
    case
      when k.counts = 'always'
        or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
        or (k.counts = 'answer' and i.carries_answer)
        then i.happened_at
    end as meaningful_at
  from taken i
  left join policy_records_kinds k on k.kind = i.kind
  where i.status = 'completed'
  union all by name
  from heard_carry anti join reopened using (account)
)
select
  account,
  contact,
  greatest(from_at, $first_ends_at - interval 1 microsecond) as from_at,
  until_at,
  max(heard_at) as heard_at,
  max(meaningful_at) as meaningful_at
from told
where until_at is null or until_at >= $first_ends_at
group by account, contact, greatest(from_at, $first_ends_at - interval 1 microsecond), until_at
