-- The signals of each account that stand as of each day, with the sentence that says why.
--
-- One row a kind: an episode stands while its condition holds and ends with it. `observed_at` is when
-- the condition began to hold, so far as one can tell: a fall of usage at the end of the week in which
-- the detector rang, silence when its limit was passed; what is a sum over a window is dated to the
-- window's first day.
with raised as (
  select
    as_of, ends_at, account, 'usage_drop' as kind,
    cast(expected_on + 14 - 7 * since_fall as TIMESTAMP) as observed_at,
    usage_lost as strength,
    format(
      '{} → {} {} in the last {}, season taken out',
      format(if(usual between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), usual),
      format(if(recent between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), recent),
      counted,
      if($signals_usage_short_weeks = 1, 'week', format('{} weeks', cast($signals_usage_short_weeks as INTEGER)))
    ) as says
  from condition_as_of
  where usage_ready and 7 * since_fall <= $signals_usage_drop_days and recent < usual * $states_leave_above
  union all
  select
    as_of, ends_at, account, 'usage_silent',
    cast(expected_on + 7 - 7 * (zero_weeks - least_weeks) as TIMESTAMP),
    zero_weeks,
    format('no usage for {} {}', zero_weeks, if(zero_weeks = 1, 'week', 'weeks'))
  from (
    select
      *,
      cast(
        if(coalesce(mean12, 0) < $signals_small_users, $signals_silent_weeks_small, $signals_silent_weeks) as INTEGER
      ) as least_weeks
    from condition_as_of
    where usage_seen and zero_weeks > 0 and zero_weeks < weeks_seen
  )
  where zero_weeks >= least_weeks
  union all
  select
    as_of, ends_at, account, 'seats_unused',
    cast(expected_on + 7 - 7 * cast($signals_usage_short_weeks as INTEGER) as TIMESTAMP),
    1 - seats_used,
    format(
      '{} of {:,} paid seats in use on average', format(if(seen_mean between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), seen_mean), seats
    )
  from condition_as_of
  where seats_used < $signals_seats_used_below
  union all
  select
    as_of, ends_at, account, 'ticket_escalated', escalated_at, open_escalations,
    format(
      '{} open, last escalated on {}',
      case when open_escalations = 1 then 'one escalation' else format('{} escalations', open_escalations) end,
      strftime(escalated_at, '%-d %b %Y')
    )
  from condition_as_of
  where open_escalations > 0
  union all
  select
    as_of, ends_at, account, 'ticket_volume', ends_at - to_days(cast(7 * $signals_ticket_weeks as INTEGER)), support_ratio,
    format(
      '{} {} in the last {}, {} is usual',
      tickets_recent,
      if(tickets_recent = 1, 'ticket', 'tickets'),
      if($signals_ticket_weeks = 1, 'week', format('{} weeks', cast($signals_ticket_weeks as INTEGER))),
      if(tickets_normal = 0, 'none', format(if(tickets_normal between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), tickets_normal))
    )
  from condition_as_of
  where tickets_recent >= $signals_ticket_volume_least and support_ratio >= $signals_ticket_volume_ratio
  union all
  select
    as_of, ends_at, account, 'champion_left', champion_left_at, 1,
    format('champion {} left on {}', champion, strftime(champion_left_at, '%-d %b %Y'))
  from condition_as_of
  where champion_left_at >= ends_at - to_days(cast($signals_champion_left_days as INTEGER))
  union all
  select
    as_of, ends_at, account, 'champion_silent',
    champion_heard_at + to_days(cast($signals_champion_silent_days as INTEGER)),
    date_diff('day', champion_heard_at, ends_at),
    format('champion {} not heard of since {}', champion, strftime(champion_heard_at, '%-d %b %Y'))
  from condition_as_of
  where champion_left_at is null
    and champion_heard_at < ends_at - to_days(cast($signals_champion_silent_days as INTEGER))
  union all
  select
    as_of, ends_at, account, 'contact_gap',
    ends_at - to_days(cast(quiet_days - quiet_limit_days as INTEGER)),
    quiet_days / quiet_limit_days,
    concat_ws(
      ' and ',
      case when judged_by <> 'contact' and unused_days is not null then format('no usage for {} days', unused_days) end,
      case
        when judged_by = 'usage' or contact_days is null then null
        when last_meaningful_at is null then 'no meaningful contact so far'
        else format('no meaningful contact since {}', strftime(last_meaningful_at, '%-d %b %Y'))
      end
    )
  from condition_as_of
  where quiet_days > quiet_limit_days
  union all
  select
    as_of, ends_at, account, 'sentiment_negative', sentiment_at, -sentiment_now,
    format(
      'sentiment of the last {} {:+.2f}',
      if($signals_sentiment_calls = 1, 'call', format('{} calls', cast($signals_sentiment_calls as INTEGER))),
      sentiment_now
    )
  from condition_as_of
  where sentiment_now < $signals_sentiment_negative_below
  union all
  select
    as_of, ends_at, account, 'sentiment_falling', sentiment_at, sentiment_before - sentiment_now,
    format(
      'sentiment {:+.2f} → {:+.2f}, the last {} against as many before',
      sentiment_before,
      sentiment_now,
      if($signals_sentiment_calls = 1, 'call', format('{} calls', cast($signals_sentiment_calls as INTEGER)))
    )
  from condition_as_of
  where sentiment_before - sentiment_now >= $signals_sentiment_fall
  union all
  select
    as_of, ends_at, account, 'renewal_near',
    greatest(
      cast(renews_on as TIMESTAMP) - to_days(cast($signals_renewal_near_days as INTEGER)),
      ends_at - to_days(cast(contact_days - $signals_renewal_near_days as INTEGER))
    ),
    1 - renewal_days / $signals_renewal_near_days,
    format(
      'renews on {} and nobody has talked with them {}',
      strftime(renews_on, '%-d %b %Y'),
      case
        when last_meaningful_at is null then 'yet'
        else format('since {}', strftime(last_meaningful_at, '%-d %b %Y'))
      end
    )
  from condition_as_of
  where renewal_days between 0 and $signals_renewal_near_days
    and contact_days >= $signals_renewal_near_days
    and judged_by is distinct from 'usage'
  union all
  select
    as_of, ends_at, account, 'contraction', contracted_at, contraction_cents / (arr_cents + contraction_cents),
    format(
      'revenue cut by {:.0f}% {}',
      100.0 * contraction_cents / (arr_cents + contraction_cents),
      case
        when contractions = 1 then format('on {}', strftime(contracted_at, '%-d %b %Y'))
        else format('in {} cuts, the last on {}', contractions, strftime(contracted_at, '%-d %b %Y'))
      end
    )
  from condition_as_of
  where contraction_cents >= $signals_contraction_share * (arr_cents + contraction_cents) and arr_cents > 0
  union all
  select
    as_of, ends_at, account, 'detractor', survey_at, 100 - survey,
    format('survey answer {:.0f} of 100 on {}', survey, strftime(survey_at, '%-d %b %Y'))
  from condition_as_of
  where survey <= $signals_detractor_at_most
  union all
  select
    as_of, ends_at, account, 'health_low', health_at, 100 - health,
    format('outside health score {:.0f} of 100 on {}', health, strftime(health_at, '%-d %b %Y'))
  from condition_as_of
  where health < $signals_health_low_below
  union all
  select
    as_of, ends_at, account, 'feed_stopped', cast(delivered_on as TIMESTAMP) + interval 21 day, 1,
    format(
      'the usage feed "{}" has delivered {} since the week of {}',
      feed,
      if(feed_is_hollow, 'nothing but zeros', 'nothing'),
      strftime(delivered_on, '%-d %b %Y')
    )
  from condition_as_of
  where feed_has_stopped
)
select
  r.as_of,
  r.account,
  r.kind,
  k.title,
  k.direction,
  least(r.observed_at, r.ends_at) as observed_at,
  r.as_of as detected_on,
  cast(r.strength as DOUBLE) as strength,
  to_json({'text': r.says}) as evidence
from raised r
join policy_signals_kinds k on k.kind = r.kind
