-- The signals of each account that stand as of each day, with the sentence that says why.
--
-- One row a kind: an episode stands while its condition holds and ends with it.
with raised as (
  select
    as_of, ends_at, account, 'usage_drop' as kind,
    ends_at - to_days(cast(7 * (since_fall + 1) as INTEGER)) as observed_at,
    usage_lost as strength,
    format(
      '{:.3g} → {:.3g} weekly users in four weeks, season taken out', usual, recent
    ) as says
  from condition_as_of
  where usage_ready
    and 7 * since_fall <= (select days from policy_signals_kinds where kind = 'usage_drop')
    and recent < usual * $states_leave_above
  union all
  select
    as_of, ends_at, account, 'usage_silent',
    ends_at - to_days(cast(7 * zero_weeks as INTEGER)),
    zero_weeks,
    format('no usage for {} weeks', zero_weeks)
  from condition_as_of
  where usage_seen and zero_weeks < weeks_seen
    and zero_weeks >= case
      when coalesce(mean12, 0) < $signals_small_users then $signals_silent_weeks_small else $signals_silent_weeks
    end
  union all
  select
    as_of, ends_at, account, 'seats_unused', ends_at - interval 28 day, 1 - seats_used,
    format('{:.3g} of {} paid seats in use', seen_mean, seats)
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
      '{} tickets in {} weeks, {:.2g} is usual', tickets_recent, cast($signals_ticket_weeks as INTEGER), tickets_normal
    )
  from condition_as_of
  where tickets_recent >= $signals_ticket_volume_least and support_ratio >= $signals_ticket_volume_ratio
  union all
  select
    as_of, ends_at, account, 'champion_left', champion_left_at, 1,
    format('champion {} left on {}', champion, strftime(champion_left_at, '%-d %b %Y'))
  from condition_as_of
  where champion_left_at
    >= ends_at - to_days(cast((select days from policy_signals_kinds where kind = 'champion_left') as INTEGER))
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
    as_of, ends_at, account, 'contact_gap', ends_at - to_days(cast(contact_days - quiet_days as INTEGER)),
    contact_days / quiet_days,
    case
      when last_meaningful_at is null then 'no meaningful contact so far'
      else format('no meaningful contact since {}', strftime(last_meaningful_at, '%-d %b %Y'))
    end
  from condition_as_of
  where contact_days > quiet_days
  union all
  select
    as_of, ends_at, account, 'sentiment_negative', sentiment_at, -sentiment_now,
    format('sentiment of the last three calls {:+.2f}', sentiment_now)
  from condition_as_of
  where sentiment_now < $signals_sentiment_negative_below
  union all
  select
    as_of, ends_at, account, 'sentiment_falling', sentiment_at, sentiment_before - sentiment_now,
    format('sentiment {:+.2f} → {:+.2f} over the last six calls', sentiment_before, sentiment_now)
  from condition_as_of
  where sentiment_before - sentiment_now >= $signals_sentiment_fall
  union all
  select
    as_of, ends_at, account, 'renewal_near',
    cast(renews_on as TIMESTAMP) - to_days(cast($signals_renewal_near_days as INTEGER)),
    1 - renewal_days / $signals_renewal_near_days,
    format(
      'renews on {} and nobody talked with them {}',
      strftime(renews_on, '%-d %b %Y'),
      case
        when last_meaningful_at is null then 'yet'
        else format('since {}', strftime(last_meaningful_at, '%-d %b %Y'))
      end
    )
  from condition_as_of
  where renewal_days between 0 and $signals_renewal_near_days
    and coalesce(
      last_meaningful_at < ends_at - to_days(cast($signals_renewal_near_days as INTEGER)), true
    )
  union all
  select
    as_of, ends_at, account, 'contraction', contracted_at, contraction_cents / (arr_cents + contraction_cents),
    format(
      'revenue down {:.0f}% on {}',
      100.0 * contraction_cents / (arr_cents + contraction_cents),
      strftime(contracted_at, '%-d %b %Y')
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
    as_of, ends_at, account, 'feed_stopped', cast(delivered_on as TIMESTAMP) + interval 14 day, 1,
    format('the usage feed {} has delivered nothing since the week of {}', feed, strftime(delivered_on, '%-d %b %Y'))
  from condition_as_of
  where delivered_on < expected_on - 7
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
