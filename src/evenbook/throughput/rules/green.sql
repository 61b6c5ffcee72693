-- measure: green
-- label:   Green accounts
-- unit:    share of the accounts, 0 to 1
-- better:  up
-- window:  the as-of day
-- empty:   no active account gives no value, not zero
-- edges:   an account of whose health nothing is known counts by its state alone; churned accounts are
--          left out; by owner and tier on the day
-- fold:    green accounts ÷ active accounts
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    a.as_of, a.account, a.person, a.pool, t.tier, a.segment, s.color, s.since_on,
    cast(s.color = 'green' as INTEGER) as part,
    1 as whole
  from account_as_of a
  join standing_as_of s on s.as_of = a.as_of and s.account = a.account
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  where a.active and s.color <> 'gray'
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
