-- measure: nps
-- label:   NPS
-- unit:    points, -100 to 100
-- better:  up
-- window:  13 weeks up to the end of the as-of day (policy)
-- empty:   no answer gives no value
-- edges:   an answer of 9 or 10 counts 100, 7 or 8 nothing, 6 or less takes 100 off; a source that gives
--          an account's NPS, -100 to 100, counts as it is; each answer counts once, as it was known
-- fold:    promoters less detractors, times 100 ÷ answers
-- by:      csm, team, pool, tier, segment, all
with detail as (
  select
    w.as_of, a.account, a.person, a.pool, t.tier, a.segment, s.happened_at,
    cast(
      case
        when s.scale = '-100-100' then 2 * s.value - 100
        when s.value >= 90 then 100
        when s.value <= 60 then -100
        else 0
      end as DECIMAL(18, 6)
    ) as part,
    1 as whole
  from weeks w
  join score s
    on s.kind = 'nps'
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
