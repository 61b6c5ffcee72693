-- The completed interactions of the kinds that are asked for over the whole history: business reviews and
-- the steps of an onboarding (policy).
--
-- Only what could be seen since the carry is read, the rest is what the run before left; what a newer
-- version has replaced since is hidden from then on.
with wanted as (
  select value as kind from policy_chain_review_kinds
  union
  select step as kind from policy_chain_onboarding
),
replaced as (
  select row_id, hidden_at from interaction where hidden_at >= $carried_until and visible_at < $carried_until
)
select account, row_id, kind, happened_at, visible_at, hidden_at
from interaction
where status = 'completed'
  and visible_at >= $carried_until
  and visible_at < $last_ends_at
  and kind in (select kind from wanted)
union all by name
select c.* replace (coalesce(r.hidden_at, c.hidden_at) as hidden_at)
from milestone_carry c
left join replaced r on r.row_id = c.row_id
