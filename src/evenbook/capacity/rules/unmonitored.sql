-- measure: unmonitored
-- label:   Unmonitored ratio
-- unit:    share of the accounts, 0 to 1
-- better:  down
-- window:  30 days up to the end of the as-of day (policy)
-- empty:   no eligible account gives no value, not zero
-- edges:   flat, by account, whoever of the team acted; moved accounts count, accounts younger than the
--          window do not; digital accounts (tier 4) are left to usage; by who works it in its stage (a role,
--          else its owner)
-- fold:    accounts without a meaningful interaction ÷ eligible accounts
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, person, pool, tier, segment, last_meaningful_at,
    cast(is_unmonitored as BIGINT) as part,
    1 as whole
  from monitoring_as_of
  where is_unmonitored is not null and judged_by = 'contact'
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
