-- What is worth a mention at each active account as of each day: what it does that an add-on serves, by the
-- rules of the policy. What they have already is not mentioned; each product once, by its clearest rule.
with held as (
  select
    account,
    lower(product) as product,
    greatest(visible_at, coalesce(cast(starts_on as TIMESTAMP), visible_at)) as from_at,
    least(
      coalesce(hidden_at, timestamp '9999-01-01'),
      coalesce(lost_at, timestamp '9999-01-01'),
      coalesce(cast(ends_on as TIMESTAMP) + interval 1 day, timestamp '9999-01-01')
    ) as until_at
  from contract
  where product <> ''
),
had as (
  select distinct w.as_of, h.account, h.product
  from weeks w
  join held h on h.from_at < w.ends_at and h.until_at >= w.ends_at
),
figures as (
  select as_of, account, 'seats' as signal, cast(seats_used as DOUBLE) as figure from expansion_point
  union all
  select as_of, account, 'growth', growth from expansion_point
  union all
  select as_of, account, 'requests', requests from expansion_point
  union all
  select as_of, account, 'meetings', meetings from expansion_point
)
select
  f.as_of,
  f.account,
  m.product,
  m.signal,
  m.who,
  m.says,
  f.figure,
  case m.signal
    when 'seats' then format('{:.0f}% of paid seats in use, from {:.0f}% on', 100 * f.figure, 100 * m.at_least)
    when 'growth' then format('usage {:.0f}% above the usual level, from {:.0f}% on', 100 * f.figure, 100 * m.at_least)
    when 'requests' then format('{:.0f} feature requests lately, from {:.0f} on', f.figure, m.at_least)
    else format('{:.0f} meetings in the cycles, from {:.0f} on', f.figure, m.at_least)
  end as because
from figures f
join policy_expansion_list_mentions m on m.signal = f.signal and f.figure >= m.at_least
left join had h on h.as_of = f.as_of and h.account = f.account and h.product = lower(m.product)
where h.account is null
qualify row_number() over (
  partition by f.as_of, f.account, lower(m.product) order by f.figure / nullif(m.at_least, 0) desc nulls last, m.signal
) = 1
