-- measure: quality
-- label:   Engagement quality
-- unit:    mean call score, 0 to 100
-- better:  up
-- window:  4 weeks up to the end of the as-of day (policy)
-- empty:   no scored call gives no value; pages show none for fewer than 5 (policy)
-- edges:   every call with a score, by whoever held it; a falling mean across a book is read as overload first
-- fold:    scores of the calls ÷ calls with a score
-- by:      csm, team, tier, segment, all
with detail as (
  select as_of, account, person, tier, segment, kind, happened_at, cast(quality as DECIMAL(18, 6)) as part, 1 as whole
  from held_as_of
  where quality is not null
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
