-- The training that each account had: completed onboarding work, over the whole history.
--
-- Only what could be seen since the carry is read, the rest is what the run before left; what a newer
-- version has replaced since is hidden from then on.
with replaced as (
  select row_id, hidden_at from interaction where hidden_at >= $carried_until and visible_at < $carried_until
)
select account, row_id, minutes, visible_at, hidden_at
from interaction
where status = 'completed'
  and kind = 'onboarding'
  and visible_at >= $carried_until
  and visible_at < $last_ends_at
union all by name
select c.* replace (coalesce(r.hidden_at, c.hidden_at) as hidden_at)
from training_carry c
left join replaced r on r.row_id = c.row_id
