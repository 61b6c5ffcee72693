-- measure: reactive
-- label:   Reactive share of minutes
-- unit:    share of the minutes, 0 to 1
-- better:  down
-- window:  13 weeks up to the end of the as-of day (policy)
-- empty:   nobody's minutes are on record: no value, not zero
-- edges:   completed interactions with minutes, internal work too, by whoever did them; which kinds are
--          reactive is policy; tickets carry no minutes and are in neither sum
-- fold:    minutes of reactive work ÷ all minutes on record
-- by:      csm, team, all
with detail as (
  select
    w.as_of, i.account, i.person, i.kind, i.happened_at,
    case when r.value is not null then cast(i.minutes as DECIMAL(18, 3)) else 0 end as part,
    cast(i.minutes as DECIMAL(18, 3)) as whole
  from weeks w
  join interaction i
    on i.visible_at < w.ends_at
    and (i.hidden_at is null or i.hidden_at >= w.ends_at)
    and i.happened_at < w.ends_at
    and i.happened_at >= w.ends_at - to_days(cast(7 * $chain_weeks as INTEGER))
  left join policy_chain_reactive r on r.value = i.kind
  where i.status = 'completed' and i.person is not null and i.minutes > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
