-- Who stood on the sheet of each day, and who would have stood on sheets of the same length drawn up
-- more simply: by points without revenue, by revenue without points, by the last contact, by chance.
--
-- Chance is a digest of the account's key and the day, so a replay says the same again. Whom nobody was
-- ever in contact with stands after the others by last contact: that they are not known is no sign.
with lengths as (
  select as_of, count(*) as rows
  from hot_rank
  group by as_of
),
listed as (
  select
    p.as_of,
    p.account,
    h.account is not null as sheet,
    row_number() over (partition by p.as_of order by p.points desc, a.key) <= n.rows as points,
    row_number() over (partition by p.as_of order by p.arr_cents desc nulls last, a.key) <= n.rows as revenue,
    row_number() over (partition by p.as_of order by c.contact_days desc nulls last, a.key) <= n.rows as contact,
    row_number() over (partition by p.as_of order by md5(a.key || cast(p.as_of as VARCHAR)), a.key) <= n.rows as chance
  from hot_point p
  join account a on a.account = p.account
  join lengths n on n.as_of = p.as_of
  join condition_as_of c on c.as_of = p.as_of and c.account = p.account
  left join hot_rank h on h.as_of = p.as_of and h.account = p.account
)
select * from listed
where sheet or points or revenue or contact or chance
