-- measure: past_limit
-- label:   Past the tier's own limit
-- unit:    share of the accounts, 0 to 1
-- better:  down
-- window:  each tier's own days (policy): contact in tiers 1 to 3, usage in tier 4
-- empty:   no eligible account gives no value, not zero
-- edges:   accounts younger than the limit do not count, nor digital ones whose usage no feed delivers; by
--          who works it in its stage (a role, else its owner)
-- fold:    accounts without contact, or usage, for longer than their tier's limit ÷ eligible accounts
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, person, pool, tier, segment, judged_by, limit_days, last_meaningful_at, last_used_on,
    cast(is_past_limit as BIGINT) as part,
    1 as whole
  from monitoring_as_of
  where is_past_limit is not null
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
