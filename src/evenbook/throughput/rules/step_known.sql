-- Since when the records hold each step of an onboarding (policy), of anybody.
--
-- Only what could be seen since the carry is read, the rest is what the run before left.
with seen as (
  select kind as step, visible_at as first_at
  from interaction
  where status = 'completed' and visible_at >= $carried_until and visible_at < $last_ends_at
  union all
  select kind as step, visible_at as first_at
  from artifact
  where visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  from step_known_carry
)
select step, min(first_at) as first_at
from seen
where step in (select step from policy_chain_onboarding)
group by step
