-- The points of each term for each active account as of each day, with the sentence that says why.
--
-- A term has no points at its `starts_at`, all at `full_at`, evenly between; one whose figure is not
-- known has none. Usage is held against the level frozen on entering a bad state, else against the
-- usual one. An open escalation counts beside the volume of tickets, up to the term's cap.
with figures as (
  select
    c.as_of,
    c.account,
    case
      when c.usage_ready and coalesce(s.frozen, c.usual) > 0 then 1 - c.recent / coalesce(s.frozen, c.usual)
    end as usage_lost,
    c.seats_used,
    c.support_ratio,
    c.open_escalations,
    c.contact_days / q.days as contact_times,
    c.sentiment_now,
    case when c.renewal_days >= -30 then c.renewal_days end as renewal_days,
    format('weekly users {:.3g} → {:.3g}, season taken out', coalesce(s.frozen, c.usual), c.recent) as usage_says,
    format('{:.3g} of {} paid seats in use', c.seen_mean, c.seats) as seats_says,
    concat_ws(
      '; ',
      case when c.open_escalations = 1 then 'one escalation open'
        when c.open_escalations > 1 then format('{} escalations open', c.open_escalations) end,
      case when c.tickets_recent > 0 then format(
        '{} {} in {} weeks, {:.2g} is usual', c.tickets_recent,
        case when c.tickets_recent = 1 then 'ticket' else 'tickets' end,
        cast($signals_ticket_weeks as INTEGER), c.tickets_normal
      ) end
    ) as support_says,
    case
      when c.last_meaningful_at is null then 'no meaningful contact so far'
      else format(
        'last meaningful contact on {}, {} days ago', strftime(c.last_meaningful_at, '%-d %b %Y'), c.contact_days
      )
    end as contact_says,
    format('sentiment of the last three calls {:+.2f}', c.sentiment_now) as sentiment_says,
    case
      when c.renewal_days < 0 then format('renewal of {} is overdue', strftime(c.renews_on, '%-d %b %Y'))
      else format('renews on {}, in {} days', strftime(c.renews_on, '%-d %b %Y'), c.renewal_days)
    end as renewal_says
  from condition_as_of c
  join tier_as_of t on t.as_of = c.as_of and t.account = c.account
  join state_as_of s on s.as_of = c.as_of and s.account = c.account
  left join policy_signals_quiet_limits q on q.tier = t.tier
),
terms as (
  select as_of, account, 'usage' as term, usage_lost as figure, 0 as extra, usage_says as says from figures
  union all
  select as_of, account, 'seats', seats_used, 0, seats_says from figures
  union all
  select
    as_of, account, 'support', support_ratio,
    case when open_escalations > 0 then $hotsheet_escalation_points else 0 end, support_says
  from figures
  union all
  select as_of, account, 'contact', contact_times, 0, contact_says from figures
  union all
  select as_of, account, 'sentiment', sentiment_now, 0, sentiment_says from figures
  union all
  select as_of, account, 'renewal', renewal_days, 0, renewal_says from figures
)
select
  f.as_of,
  f.account,
  f.term,
  least(
    p.max_points,
    f.extra + p.max_points * greatest(0, least(1, (f.figure - p.starts_at) / (p.full_at - p.starts_at)))
  ) as points,
  f.says
from terms f
join policy_hotsheet_terms p on p.term = f.term
where f.figure is not null
  and (f.extra > 0 or (f.figure - p.starts_at) / (p.full_at - p.starts_at) > 0)
