-- measure: escalations
-- label:   Escalations per account
-- unit:    escalations, 0 and more
-- better:  down
-- window:  13 weeks up to the end of the as-of day (policy)
-- empty:   no active account gives no value, not zero; so does a base without an escalation on record
-- edges:   a ticket counts once, on the day it was escalated, as it was known; by owner and tier on the day
-- fold:    tickets escalated ÷ active accounts
-- by:      csm, team, pool, tier, segment, all
with escalated as (
  select w.as_of, k.account, count(distinct k.event) as tickets
  from weeks w
  join ticket k
    on k.visible_at < w.ends_at
    and (k.hidden_at is null or k.hidden_at >= w.ends_at)
    and k.escalated_at < w.ends_at
    and k.escalated_at >= w.ends_at - to_days(cast(7 * $measures_trend_weeks as INTEGER))
  group by w.as_of, k.account
),
ever as (
  select w.as_of
  from weeks w
  join ticket k on k.visible_at < w.ends_at and k.escalated_at < w.ends_at
  group by w.as_of
),
detail as (
  select
    a.as_of, a.account, a.person, a.pool, t.tier, a.segment,
    coalesce(e.tickets, 0) as part,
    1 as whole
  from account_as_of a
  join ever on ever.as_of = a.as_of
  join tier_as_of t on t.as_of = a.as_of and t.account = a.account
  left join escalated e on e.as_of = a.as_of and e.account = a.account
  where a.active
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
