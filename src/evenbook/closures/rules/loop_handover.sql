-- The loops that a change of owner opens: one a change, when it is announced that the account is handed over
-- and a brief is asked for, when its owner will be away for long or has left, else when the change from a
-- person or pool to another is seen. A role besides the owner's that somebody had opens one in the same way.
--
-- Whoever hands over several roles on an account at once owes one brief, the owner's where they own it: what
-- is foreseen of an owner is foreseen of every role that they have there, what is foreseen of a role not of
-- an owner; and where a role alone passes on, it is foreseen of that one.
--
-- One absence opens one loop, whichever of these tells of it first, and the change that follows from it opens
-- no other; without a day back the change is looked for during a month. Where a handover was called off its
-- loop is withdrawn, and an absence that stands opens its own. A leave that is given another last day goes on
-- with its loop; one that was withdrawn takes its loop with it, and does not open it again.
with announced as (
  select
    account, role, coalesce(alone, false) as alone, handover, giver, first_on, visible_at as opened_at,
    coalesce(back_on - 1, first_on + 30) as last_on,
    coalesce(hidden_at, timestamp '9999-01-01') as until_at
  from handover
  where asks_brief and visible_at < $last_ends_at
),
planned as (
  select h.*
  from announced h
  anti join loop_away g
    on g.account = h.account and g.person = h.giver and g.opened_at < h.opened_at and g.until_at > h.opened_at
    and g.first_on <= h.last_on and g.last_on >= h.first_on
    and (g.role = h.role or h.role <> 'owner')
),
away as (
  select
    g.account, g.role, g.person as giver, g.first_on, g.last_on, g.until_at,
    greatest(g.opened_at, coalesce(max(h.until_at), g.opened_at)) as opened_at
  from loop_away g
  left join planned h
    on h.account = g.account and h.giver = g.person and h.opened_at <= g.opened_at
    and g.first_on <= h.last_on and g.last_on >= h.first_on
    and (h.role = g.role or (not h.alone and g.role <> 'owner'))
  group by g.account, g.role, g.person, g.first_on, g.last_on, g.until_at, g.opened_at
),
absent as (
  select
    *,
    opened_at > coalesce(
      max(until_at) over (
        partition by account, role, giver, first_on
        order by opened_at, until_at rows between unbounded preceding and 1 preceding
      ),
      opened_at
    ) as comes_back
  from away
  where opened_at < until_at
),
absence as (
  select account, role, giver, first_on, min(opened_at) as opened_at, max(until_at) as until_at
  from (
    from absent
    qualify count(*) filter (comes_back) over (
      partition by account, role, giver, first_on order by opened_at, until_at
    ) = 0
  )
  group by account, role, giver, first_on
),
-- those that opened before the carry stay, for one of them may be withdrawn
asking as (
  from absence
  where opened_at < $last_ends_at
  qualify role = 'owner' or opened_at < $carried_until
    or row_number() over (partition by account, giver, first_on order by opened_at, role <> 'owner', role) = 1
),
foreseen as (
  select account, role, alone, giver, opened_at, until_at, last_on from planned
  union all
  select account, role, false as alone, giver, opened_at, until_at, last_on from absent
),
moved as (
  select
    s.account, s.role, s.from_at as opened_at, s.since_at as event_at,
    s.before.person as giver, s.before.pool as giver_pool, d.day as first_on
  from role_spell s
  asof join calendar d on d.starts_at <= s.since_at
  where (s.person is not null or s.pool is not null)
    and (s.before.person is not null or s.before.pool is not null)
    and (coalesce(s.person, 0) <> coalesce(s.before.person, 0) or coalesce(s.pool, 0) <> coalesce(s.before.pool, 0))
),
told as (
  select
    account, role, opened_at as event_at, opened_at, first_on as before_on, ':' || handover as mark,
    case when until_at < $last_ends_at then until_at end as withdrawn_at
  from planned
  union all by name
  select
    account, role, opened_at as event_at, opened_at, first_on as before_on, '' as mark,
    case when until_at < $last_ends_at then until_at end as withdrawn_at
  from asking
  union all by name
  select account, role, event_at, opened_at, first_on as before_on, '' as mark
  from (
    from moved m
    anti join foreseen f
      on f.account = m.account and f.giver = m.giver and f.opened_at <= m.opened_at
      and m.opened_at < f.until_at and m.first_on <= f.last_on
      and (f.role = m.role or (not f.alone and m.role <> 'owner'))
  )
  qualify role = 'owner' or row_number() over (
    partition by account, giver, giver_pool, first_on order by opened_at, role <> 'owner', role
  ) = 1
)
select distinct on (key)
  r.loop, t.account, t.role, t.event_at, t.opened_at, t.before_on, t.withdrawn_at,
  r.loop || ':' || a.key || case when t.role = 'owner' then '' else ':' || t.role end
    || ':' || strftime(t.before_on, '%Y-%m-%d') || t.mark as key
from told t
join account a on a.account = t.account
join (select distinct loop, from_at, until_at from loop_rule where opened_by = 'owner') r
  on t.opened_at >= r.from_at and t.opened_at < r.until_at
where t.opened_at >= $closures_start_at
order by t.opened_at
