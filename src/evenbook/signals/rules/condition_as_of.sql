-- How each active account does as of each day, in plain figures: what signals, the score and the hot
-- sheet are read from. A figure that is not known is null and raises nothing.
--
-- Where no tier is set, the quiet limit of tier 3 is taken. An organization that has told us of no
-- ticket (one that a person opened here tells of none), of no interaction, or of none with a named
-- contact, has no reading of support, of contact, or of champions: nobody is held quiet because a
-- source is not connected, nor for the time before its first row. What is usual in support is what was so far; an account younger than two months has no usual. `quiet_days` are counted
-- the way the tier is judged (policy): since the last meaningful interaction, since the last week with
-- usage, or since the later of the two (`either`). Weeks that a feed did not deliver are no days without
-- usage; while it has stopped, nobody is judged by it.
with told as (
  select interactions_from, contacts_from, (select min(visible_at) from ticket where by_hand is not true) as tickets_from
  from first_heard
),
figures as (
  select
    a.as_of,
    a.ends_at,
    a.account,
    coalesce(u.seen, false) as usage_seen,
    coalesce(u.ready, false) as usage_ready,
    u.weeks_seen,
    u.zero_weeks,
    u.mean12,
    u.usual,
    u.recent,
    u.seen_mean,
    u.expected_mean,
    u.since_fall,
    f.source as feed,
    f.delivered_on,
    f.is_hollow as feed_is_hollow,
    coalesce(f.has_stopped, false) as feed_has_stopped,
    w.week_on as expected_on,
    case when u.ready and u.usual > 0 then 1 - u.recent / u.usual end as usage_lost,
    case when u.ready and n.counts_people and a.seats > 0 then u.seen_mean / a.seats end as seats_used,
    a.seats,
    n.counted,
    case when k.tickets_from < a.ends_at then coalesce(s.tickets_recent, 0) end as tickets_recent,
    least(
      $signals_ticket_normal_weeks,
      date_diff('day', greatest(a.started_at, k.tickets_from), a.ends_at) / 7 - $signals_ticket_weeks
    ) as normal_weeks,
    case
      when k.tickets_from < a.ends_at and normal_weeks >= $signals_ticket_weeks
        then coalesce(s.tickets_normal, 0) * $signals_ticket_normal_weeks / normal_weeks
    end as tickets_normal,
    coalesce(s.open_escalations, 0) as open_escalations,
    s.escalated_at,
    t.last_meaningful_at,
    case
      when k.interactions_from < a.ends_at
        then date_diff(
          'day', cast(coalesce(t.last_meaningful_at, greatest(a.started_at, k.interactions_from)) as DATE), a.as_of
        )
    end as contact_days,
    case
      when u.weeks_seen > 0
        then least(
          date_diff('day', w.week_on + 6, a.as_of) + 7 * u.zero_weeks,
          coalesce(date_diff('day', cast(a.started_at as DATE), a.as_of), 1000000)
        )
    end as unused_days,
    q.judged_by,
    q.days as quiet_limit_days,
    m.sentiment_now,
    m.sentiment_before,
    m.sentiment_at,
    c.champion,
    case
      when c.champion is not null and k.contacts_from < a.ends_at then greatest(c.champion_heard_at, k.contacts_from)
    end as champion_heard_at,
    c.champion_left_at,
    a.renews_on,
    date_diff('day', a.as_of, a.renews_on) as renewal_days,
    a.arr_cents,
    r.contraction_cents,
    r.contractions,
    r.contracted_at,
    o.health,
    o.health_at,
    o.survey,
    o.survey_at
  from account_as_of a
  cross join told k
  cross join usage_measure n
  left join usage_reading u on u.as_of = a.as_of and u.account = a.account
  join weeks w on w.as_of = a.as_of
  left join usage_source us on us.account = a.account
  left join feed_as_of f on f.as_of = a.as_of and f.source = us.source
  left join support_as_of s on s.as_of = a.as_of and s.account = a.account
  left join touch_as_of t on t.as_of = a.as_of and t.account = a.account
  left join sentiment_as_of m on m.as_of = a.as_of and m.account = a.account
  left join champion_as_of c on c.as_of = a.as_of and c.account = a.account
  left join contraction_as_of r on r.as_of = a.as_of and r.account = a.account
  left join opinion_as_of o on o.as_of = a.as_of and o.account = a.account
  left join policy_signals_quiet_limits q on q.tier = coalesce(a.tier, 3)
  where a.active and (a.started_at is null or a.started_at < a.ends_at)
)
select
  *,
  case when tickets_normal is not null then tickets_recent / greatest(tickets_normal, 1) end as support_ratio,
  case
    when judged_by = 'contact' then contact_days
    when feed_has_stopped then null
    when judged_by = 'usage' then unused_days
    else least(unused_days, contact_days)
  end as quiet_days
from figures
