-- The champion of each account as of each day: when they were last heard of, or left.
--
-- Of several champions the one heard of last speaks for the account; one who left speaks only while
-- no other is there.
with champions as (
  select account, contact, name, happened_at, left_at, visible_at, hidden_at
  from contact
  where is_champion
),
named as (
  select distinct account, contact from champions
),
spoken as (
  select h.account, h.contact, h.from_at, h.until_at, h.heard_at
  from heard h
  join named n on n.account = h.account and n.contact = h.contact
),
lasting as (
  select
    account,
    contact,
    from_at,
    lead(from_at, 1, timestamp '9999-01-01') over so_far as until_at,
    max(heard_at) over so_far as heard_at
  from spoken
  where until_at is null
  window so_far as (partition by account, contact order by from_at)
),
replaced as (
  select account, contact, from_at, until_at, heard_at from spoken where until_at is not null
),
present as (
  select
    w.as_of, w.ends_at, c.account, c.contact, c.name, c.happened_at,
    case when c.left_at < w.ends_at then c.left_at end as left_at
  from weeks w
  join champions c on c.visible_at < w.ends_at and (c.hidden_at is null or c.hidden_at >= w.ends_at)
),
known as (
  select
    p.as_of, p.account, p.name, p.left_at,
    greatest(p.happened_at, coalesce(l.heard_at, p.happened_at), coalesce(r.heard_at, p.happened_at)) as heard_at
  from present p
  left join lasting l
    on l.account = p.account and l.contact = p.contact and l.from_at < p.ends_at and l.until_at >= p.ends_at
  left join replaced r
    on r.account = p.account and r.contact = p.contact and r.from_at < p.ends_at and r.until_at >= p.ends_at
)
select
  as_of,
  account,
  arg_max(name, (left_at is null, coalesce(left_at, heard_at), name)) as champion,
  arg_max(heard_at, (left_at is null, coalesce(left_at, heard_at), name)) as champion_heard_at,
  case when bool_and(left_at is not null) then max(left_at) end as champion_left_at
from known
group by as_of, account
