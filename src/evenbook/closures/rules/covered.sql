-- measure: covered
-- label:   Covered
-- unit:    share of the accounts, 0 to 1
-- better:  up
-- window:  the as-of day; each artifact stays current for the days of its tier (policy)
-- empty:   no active account gives no value, not zero
-- edges:   an artifact that is not yet owed lacks nothing; an account whose tier asks for none is
--          covered; churned accounts are left out; by who works it in its stage (a role, else its owner)
--          and by tier on the day
-- fold:    accounts that lack no artifact ÷ active accounts
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    c.as_of, c.account, c.person, c.pool, c.tier, a.segment,
    cast(c.is_covered as INTEGER) as part, 1 as whole, c.lacking
  from coverage_as_of c
  join account_as_of a on a.as_of = c.as_of and a.account = c.account
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
