-- The points of each term of each active account as of each day, and their sum.
--
-- A term has no points at its `starts_at`, all at `full_at`, evenly between; one whose figure is not
-- known has none. Usage is held against the level frozen on entering a bad state, else against the
-- usual one. An open escalation counts beside the volume of tickets, up to the term's cap. Points have
-- one decimal, so that those shown add up.
with terms as (
  select
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'usage') as usage,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'seats') as seats,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'support') as support,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'contact') as contact,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'sentiment') as sentiment,
    max({'most': max_points, 'starts': starts_at, 'full': full_at}) filter (term = 'renewal') as renewal
  from policy_hotsheet_terms
),
figures as (
  select
    c.as_of,
    c.account,
    c.arr_cents,
    case
      when c.usage_ready and coalesce(s.frozen, c.usual) > 0 then 1 - c.recent / coalesce(s.frozen, c.usual)
    end as usage,
    c.seats_used as seats,
    c.support_ratio as support,
    c.open_escalations,
    c.quiet_days / c.quiet_limit_days as contact,
    c.sentiment_now as sentiment,
    case when c.renewal_days >= -30 then c.renewal_days end as renewal
  from condition_as_of c
  join state_as_of s on s.as_of = c.as_of and s.account = c.account
),
shares as (
  select
    f.as_of,
    f.account,
    f.arr_cents,
    f.open_escalations,
    p.support.most as support_most,
    p.usage.most
      * greatest(0, least(1, (coalesce(f.usage, p.usage.starts) - p.usage.starts) / (p.usage.full - p.usage.starts))) as usage,
    p.seats.most
      * greatest(0, least(1, (coalesce(f.seats, p.seats.starts) - p.seats.starts) / (p.seats.full - p.seats.starts))) as seats,
    p.support.most
      * greatest(0, least(1, (coalesce(f.support, p.support.starts) - p.support.starts) / (p.support.full - p.support.starts))) as support,
    p.contact.most
      * greatest(0, least(1, (coalesce(f.contact, p.contact.starts) - p.contact.starts) / (p.contact.full - p.contact.starts))) as contact,
    p.sentiment.most
      * greatest(0, least(1, (coalesce(f.sentiment, p.sentiment.starts) - p.sentiment.starts) / (p.sentiment.full - p.sentiment.starts))) as sentiment,
    p.renewal.most
      * greatest(0, least(1, (coalesce(f.renewal, p.renewal.starts) - p.renewal.starts) / (p.renewal.full - p.renewal.starts))) as renewal
  from figures f
  cross join terms p
),
rounded as (
  select
    as_of,
    account,
    arr_cents,
    cast(coalesce(usage, 0) as DECIMAL(9, 1)) as usage,
    cast(coalesce(seats, 0) as DECIMAL(9, 1)) as seats,
    cast(
      least(
        coalesce(support_most, 0),
        coalesce(support, 0) + case when open_escalations > 0 then $hotsheet_escalation_points else 0 end
      ) as DECIMAL(9, 1)
    ) as support,
    cast(coalesce(contact, 0) as DECIMAL(9, 1)) as contact,
    cast(coalesce(sentiment, 0) as DECIMAL(9, 1)) as sentiment,
    cast(coalesce(renewal, 0) as DECIMAL(9, 1)) as renewal
  from shares
)
select *, usage + seats + support + contact + sentiment + renewal as points from rounded
