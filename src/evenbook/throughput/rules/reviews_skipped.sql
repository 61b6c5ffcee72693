-- measure: reviews_skipped
-- label:   Business reviews skipped
-- unit:    share of the reviews due, 0 to 1
-- better:  down
-- window:  13 weeks up to the end of the as-of day (policy)
-- empty:   no review due gives no value, not zero; so does a base that never had one on record
-- edges:   due by the days of the account's tier after the last review before these weeks; held is held,
--          however late; an account that changed hands after the day counts for the base, for no person
-- fold:    reviews due of which none was held ÷ reviews due
-- by:      csm, team, tier, segment, all
with detail as (
  select
    as_of, account, person, tier, segment, before_at, due_at, held_at,
    cast(held_at is null as BIGINT) as part,
    1 as whole
  from review_due_as_of
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
