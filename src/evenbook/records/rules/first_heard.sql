-- Since when interactions are told at all, and since when they name a contact; null: never.
--
-- Only what could be seen since the carry is read, the rest is what the run before left.
with seen as (
  select min(visible_at) as interactions_from, min(visible_at) filter (contact <> '') as contacts_from
  from interaction
  where status = 'completed' and visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  from first_heard_carry
)
select min(interactions_from) as interactions_from, min(contacts_from) as contacts_from from seen
