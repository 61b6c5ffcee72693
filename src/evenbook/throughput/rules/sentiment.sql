-- measure: sentiment
-- label:   Sentiment of calls
-- unit:    mean of the customer's side, −1 to 1
-- better:  up
-- window:  the 7 days up to the end of the as-of day
-- empty:   no scored call gives no value
-- edges:   every scored call with one of the book's accounts, whoever held it; the direction is read
--          from the weeks before
-- fold:    sentiment of the scored calls ÷ scored calls
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    as_of, account, owner as person, pool, tier, segment, kind, happened_at,
    cast(sentiment as DECIMAL(18, 6)) as part,
    1 as whole
  from held_as_of
  where in_week and sentiment is not null
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
