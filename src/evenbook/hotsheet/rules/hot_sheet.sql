-- The hot sheet of each day: each account on it with its reasons.
--
-- Each reason has its points and a sentence of dated facts; the reasons add up to the points. A row is theirs who
-- work the account in its stage: a role on it, else its owner.
with figures as (
  select
    r.as_of,
    r.account,
    coalesce(s.frozen, c.usual) as usual,
    c.* exclude (as_of, account, usual),
    format(
      '{} to {}',
      if($signals_usage_short_weeks = 1, 'week', format('{} weeks', cast($signals_usage_short_weeks as INTEGER))),
      strftime(c.expected_on + 6, '%-d %b %Y')
    ) as counted_over,
    p.usage,
    p.seats as seats_points,
    p.support,
    p.contact,
    p.sentiment,
    p.renewal
  from hot_rank r
  join hot_point p on p.as_of = r.as_of and p.account = r.account
  join condition_as_of c on c.as_of = r.as_of and c.account = r.account
  join state_as_of s on s.as_of = r.as_of and s.account = r.account
),
reasons as (
  select
    as_of, account, 'usage' as term, usage as points,
    format(
      '{} → {} {} in the {}, season taken out',
      format(if(usual between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), usual),
      format(if(recent between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), recent),
      counted,
      counted_over
    ) as says
  from figures
  union all
  select
    as_of, account, 'seats', seats_points,
    format(
      '{} of {:,} paid seats in use on average in the {}',
      format(if(seen_mean between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), seen_mean), seats, counted_over
    )
  from figures
  union all
  select
    as_of, account, 'support', support,
    concat_ws(
      '; ',
      case
        when open_escalations = 1 then 'one escalation open'
        when open_escalations > 1 then format('{} escalations open', open_escalations)
      end,
      case
        when tickets_recent > 0 then format(
          '{} {} in the last {}{}',
          tickets_recent,
          if(tickets_recent = 1, 'ticket', 'tickets'),
          if($signals_ticket_weeks = 1, 'week', format('{} weeks', cast($signals_ticket_weeks as INTEGER))),
          case
            when tickets_normal is null then ''
            when tickets_normal = 0 then ', none is usual'
            else format(', {} is usual', format(if(tickets_normal between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), tickets_normal))
          end
        )
      end
    )
  from figures
  union all
  select
    as_of, account, 'contact', contact,
    concat_ws(
      ' and ',
      case when judged_by <> 'contact' and unused_days is not null then format('no usage for {} days', unused_days) end,
      case
        when judged_by = 'usage' or contact_days is null then null
        when last_meaningful_at is null then 'no meaningful contact so far'
        else format('last meaningful contact on {}, {} days ago', strftime(last_meaningful_at, '%-d %b %Y'), contact_days)
      end
    )
  from figures
  union all
  select
    as_of, account, 'sentiment', sentiment,
    format(
      'sentiment of the last {} {:+.2f}',
      if($signals_sentiment_calls = 1, 'call', format('{} calls', cast($signals_sentiment_calls as INTEGER))),
      sentiment_now
    )
  from figures
  union all
  select
    as_of, account, 'renewal', renewal,
    case
      when renewal_days < 0 then format('renewal of {} is overdue', strftime(renews_on, '%-d %b %Y'))
      when renewal_days = 0 then format('renews on {}, today', strftime(renews_on, '%-d %b %Y'))
      else format(
        'renews on {}, in {} {}', strftime(renews_on, '%-d %b %Y'), renewal_days, if(renewal_days = 1, 'day', 'days')
      )
    end
  from figures
),
told as (
  select
    as_of,
    account,
    to_json(
      list_transform(
        list_sort(list({'place': -points, 'term': term, 'points': points, 'text': says})),
        lambda one: {'signal': one.term, 'points': cast(one.points as DOUBLE), 'text': one.text}
      )
    ) as reasons,
    arg_max(term, (points, term)) as main_term
  from reasons
  where points > 0
  group by as_of, account
)
select
  r.as_of,
  r.place as place,
  r.account,
  r.key,
  o.person,
  o.pool,
  cast(r.points as DOUBLE) as points,
  r.arr_cents,
  r.expected_cents,
  coalesce(y.reasons, '[]') as reasons,
  coalesce(p.play, '') as play
from hot_rank r
join worker_as_of o on o.as_of = r.as_of and o.account = r.account
left join told y on y.as_of = r.as_of and y.account = r.account
left join policy_hotsheet_plays p on p.term = y.main_term
order by r.as_of, r.place
