-- The loops that a record opens: a meaningful interaction, one of a kind named in policy, an escalated
-- ticket. One record opens one loop, that of the most specific kind, by the policy in force when it could
-- be seen; one that is corrected so that it opens none is withdrawn.
--
-- Of interactions that are as they were first told (most) only what could be seen since the carry is read;
-- of the others all versions, once one of them appears or goes. Of tickets the versions that held at some
-- time since the carry say whether one was escalated before; all of them where a version told an escalation ahead.
with specific as (
  select distinct from_at, named from loop_rule where opened_by = 'interaction'
),
corrected as (
  select event, max(visible_at) >= $carried_until or max(hidden_at) >= $carried_until as is_touched
  from interaction
  where event in (select event from interaction where hidden_at < $last_ends_at)
  group by event
),
taken as (
  select *, false as is_corrected
  from interaction anti join corrected using (event)
  where visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  select *, true as is_corrected
  from interaction
  where event in (select event from corrected where is_touched) and visible_at < $last_ends_at
),
talk as (
  select
    i.account, i.event, i.kind, i.happened_at as event_at, i.visible_at as opened_at,
    case when i.hidden_at < $last_ends_at then i.hidden_at end as hidden_at,
    i.is_corrected,
    coalesce(
      k.counts = 'always'
      or (k.counts = 'minutes' and i.customer_present and i.minutes >= $records_meaningful_minutes)
      or (k.counts = 'answer' and i.carries_answer),
      false
    ) as is_meaningful
  from taken i
  left join policy_records_kinds k on k.kind = i.kind
  where i.status = 'completed'
),
opens as (
  select distinct from_at, until_at, loop, opened_by, named from loop_rule
),
told as (
  select t.*, o.loop, null as priority
  from talk t
  join opens o on o.opened_by = 'interaction' and o.named = t.kind
    and t.opened_at >= o.from_at and t.opened_at < o.until_at
  union all by name
  select t.*, o.loop, null as priority
  from talk t
  join opens o on o.opened_by = 'contact' and t.opened_at >= o.from_at and t.opened_at < o.until_at
  anti join specific s on s.from_at = o.from_at and s.named = t.kind
  where t.is_meaningful
),
ahead as (
  -- a list, which the planner takes for short: it reads the tickets only if there are any
  select unnest(list(distinct event)) as event
  from ticket
  where escalated_at >= $carried_until and visible_at < $carried_until
),
escalated as (
  from ticket where visible_at >= $carried_until
  union all by name
  from ticket where visible_at < $carried_until and hidden_at >= $carried_until
  union all by name
  from ticket semi join ahead using (event)
  where visible_at < $carried_until and (hidden_at is null or hidden_at < $carried_until)
),
raised as (
  select
    o.loop, t.account, t.event, lower(t.priority) as priority, t.escalated_at as event_at,
    greatest(t.visible_at, t.escalated_at) as opened_at,
    case when t.hidden_at < $last_ends_at then t.hidden_at end as hidden_at
  from escalated t
  join opens o on o.opened_by = 'ticket' and (o.named = '' or o.named = t.kind)
    and greatest(t.visible_at, t.escalated_at) >= o.from_at
    and greatest(t.visible_at, t.escalated_at) < o.until_at
  where t.escalated_at is not null and greatest(t.visible_at, t.escalated_at) < $last_ends_at
),
found as (
  select loop, event, account, priority, event_at, opened_at, cast(null as TIMESTAMP) as withdrawn_at
  from told
  where not is_corrected
  union all by name
  select
    loop, event,
    arg_max(account, opened_at) as account,
    arg_min(priority, opened_at) as priority,
    arg_min(event_at, opened_at) as event_at,
    min(opened_at) as opened_at,
    case when count(*) = count(hidden_at) then max(hidden_at) end as withdrawn_at
  from (
    from told where is_corrected
    union all by name
    from raised
  )
  group by loop, event
)
select *, loop || ':' || event as key
from found
where event_at >= $closures_start_at and opened_at >= $closures_start_at
