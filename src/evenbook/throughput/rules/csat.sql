-- measure: csat
-- label:   CSAT
-- unit:    mean answer, 0 to 100
-- better:  up
-- window:  13 weeks up to the end of the as-of day (policy)
-- empty:   no answer gives no value
-- edges:   each answer counts once, as it was known; with the account's owner and tier on the day
-- fold:    answers to surveys of satisfaction ÷ how many there are
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    w.as_of, a.account, a.person, a.pool, t.tier, a.segment, s.happened_at,
    cast(s.value as DECIMAL(18, 6)) as part,
    1 as whole
  from weeks w
  join score s
    on s.kind = 'csat'
    and s.value is not null
    and s.visible_at < w.ends_at
    and (s.hidden_at is null or s.hidden_at >= w.ends_at)
    and s.happened_at < w.ends_at
    and s.happened_at >= w.ends_at - to_days(cast(7 * $throughput_survey_weeks as INTEGER))
  join account_as_of a on a.as_of = w.as_of and a.account = s.account
  join tier_as_of t on t.as_of = w.as_of and t.account = s.account
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
