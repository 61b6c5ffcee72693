-- measure: sentiment_falling
-- label:   Accounts whose sentiment falls
-- unit:    share of the accounts, 0 to 1
-- better:  down
-- window:  the last scored calls of each account against as many before (policy)
-- empty:   no account with enough scored calls gives no value
-- edges:   only active accounts with as many scored calls as both readings need; how far it must fall is
--          policy, the same as for the signal
-- fold:    accounts whose sentiment falls ÷ accounts with enough scored calls
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    c.as_of, c.account, a.person, a.pool, t.tier, a.segment, c.sentiment_before, c.sentiment_now,
    cast(c.sentiment_before - c.sentiment_now >= $signals_sentiment_fall as BIGINT) as part,
    1 as whole
  from condition_as_of c
  join account_as_of a on a.as_of = c.as_of and a.account = c.account
  join tier_as_of t on t.as_of = c.as_of and t.account = c.account
  where c.sentiment_before is not null and c.sentiment_now is not null
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
