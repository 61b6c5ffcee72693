-- The champion of each account as of each day: when they were last heard of, or left.
--
-- Of several champions the one heard of last speaks for the account; one who left speaks only while
-- no other is there.
with champions as (
  select account, contact, name, happened_at, left_at, visible_at, hidden_at
  from contact
  where is_champion
),
heard as (
  select c.account, c.contact, i.happened_at, i.visible_at
  from interaction i
  join (select distinct account, contact from champions) c on c.account = i.account and c.contact = i.contact
  where i.status = 'completed' and i.hidden_at is null
),
first as (
  select min(ends_at) as ends_at from weeks
),
folded as (
  select
    account,
    contact,
    case when visible_at < (select ends_at from first) then timestamp '0001-01-01' else visible_at end as from_at,
    max(happened_at) as heard_at
  from heard
  group by account, contact, from_at
),
timeline as (
  select
    account,
    contact,
    from_at,
    max(heard_at) over (
      partition by account, contact order by from_at rows between unbounded preceding and current row
    ) as heard_at
  from folded
),
present as (
  select
    w.as_of, w.ends_at, c.account, c.contact, c.name, c.happened_at,
    case when c.left_at < w.ends_at then c.left_at end as left_at
  from weeks w
  join champions c on c.visible_at < w.ends_at and (c.hidden_at is null or c.hidden_at >= w.ends_at)
),
known as (
  select p.as_of, p.account, p.name, p.left_at, greatest(p.happened_at, coalesce(t.heard_at, p.happened_at)) as heard_at
  from present p
  asof left join timeline t on t.account = p.account and t.contact = p.contact and t.from_at < p.ends_at
)
select
  as_of,
  account,
  arg_max(name, (left_at is null, coalesce(left_at, heard_at), name)) as champion,
  arg_max(heard_at, (left_at is null, coalesce(left_at, heard_at), name)) as champion_heard_at,
  case when bool_and(left_at is not null) then max(left_at) end as champion_left_at
from known
group by as_of, account
