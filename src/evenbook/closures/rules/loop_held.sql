-- The loops that were open at the carry and those that opened since, and what became of each.
--
-- An artifact that names a loop closes that one; any other closes the loops of its kind and account
-- whose event came before it was written. What was withdrawn before stays withdrawn.
with ended as (
  select key, withdrawn_at from loop_event where withdrawn_at is not null
  union all
  select key, withdrawn_at from loop_renewal where withdrawn_at is not null
  union all
  select key, withdrawn_at from loop_handover where withdrawn_at is not null
),
known as (
  select key, loop, account, role, artifact, event_at, opened_at, withdrawn_at, due_on, cohort_on, true as is_new
  from loop_opened
  union all by name
  select
    c.key, c.loop, c.account, c.role, c.artifact, c.event_at, c.opened_at,
    e.withdrawn_at, c.due_on, c.cohort_on, false as is_new
  from loop_open_carry c
  left join ended e on e.key = c.key
),
late as (
  select account, artifact as kind, min(event_at) as event_at
  from known
  where is_new and event_at < $carried_until
  group by account, artifact
),
taken as (
  select account, kind, row_id, closes, happened_at, visible_at
  from artifact
  where visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  select a.account, a.kind, a.row_id, a.closes, a.happened_at, a.visible_at
  from artifact a
  join late l on l.account = a.account and l.kind = a.kind and a.happened_at >= l.event_at
  where a.visible_at < $carried_until
),
named as (
  select closes as key, min(visible_at) as seen_at, arg_min(row_id, (visible_at, row_id)) as artifact_id
  from taken
  where closes <> ''
  group by closes
),
written as (
  select
    account, kind, happened_at,
    min(struct_pack(seen_at := visible_at, artifact_id := row_id)) over (
      partition by account, kind order by happened_at desc
    ) as first_one
  from taken
  where closes = ''
),
matched as (
  select k.*, n.seen_at as named_at, n.artifact_id as named_id, w.first_one
  from known k
  left join named n on n.key = k.key
  asof left join written w
    on w.account = k.account and w.kind = k.artifact and w.happened_at >= k.event_at
),
closing as (
  select
    *,
    case
      when coalesce(named_at, first_one.seen_at) is not null
        then greatest(opened_at, least(named_at, first_one.seen_at))
    end as done_at,
    case when named_at <= coalesce(first_one.seen_at, named_at) then named_id else first_one.artifact_id end as done_by
  from matched
)
select
  key, loop, account, role, artifact, event_at, opened_at, due_on, cohort_on,
  case when done_at <= coalesce(withdrawn_at, done_at) then done_at end as closed_at,
  case when done_at <= coalesce(withdrawn_at, done_at) then done_by end as closed_by,
  case when done_at is null or withdrawn_at < done_at then withdrawn_at end as withdrawn_at
from closing
