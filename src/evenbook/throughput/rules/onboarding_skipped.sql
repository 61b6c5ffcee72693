-- measure: onboarding_skipped
-- label:   Onboarding steps skipped
-- unit:    share of the steps due, 0 to 1
-- better:  down
-- window:  steps whose day fell into the 13 weeks up to the end of the as-of day (policy)
-- empty:   no step due gives no value, not zero
-- edges:   the records hold no list of steps, so a step is a session that was held or an artifact that was
--          written, by kind, tier and day (policy); late is done; a kind that was never recorded is left
--          out; an account that changed hands after the day counts for the base, for no person
-- fold:    steps due that are not on record ÷ steps due
-- by:      csm, team, tier, segment, all
with detail as (
  select
    as_of, account, person, tier, segment, step, due_at, done_at,
    cast(done_at is null as BIGINT) as part,
    1 as whole
  from onboarding_due_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
