-- What each health score is made of, in words, as JSON: each term's points and their cause, then the
-- terms whose facts are not known and whose weight is shared out.
--
-- A fall is told against the level frozen on entering a bad state, as the hot sheet does: the detector
-- learns a new level for itself, and would tell of the last step down alone.
--
-- For the last of the days alone: words are made for the day that a run is of.
with fallen as (
  select
    s.as_of,
    s.account,
    u.recent < s.frozen as is_lower,
    format(
      '{} → {} {}, season taken out',
      format(if(s.frozen between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), s.frozen),
      format(if(u.recent between 0.05 and 9.95, '{:.1f}', '{:,.0f}'), u.recent),
      n.counted
    ) as text
  from state_as_of s
  join usage_reading u on u.as_of = s.as_of and u.account = s.account
  cross join usage_measure n
  where s.as_of = (select max(as_of) from weeks) and s.frozen is not null
),
said as (
  select
    g.as_of, g.account, p.term,
    list({
      'place': -p.points,
      'kind': g.kind,
      'text': coalesce(
        case when g.kind = 'usage_drop' and f.is_lower then f.text end, json_extract_string(g.evidence, '$.text')
      )
    }) as texts
  from signal_as_of g
  join policy_states_score_signals p on p.kind = g.kind
  left join fallen f on f.as_of = g.as_of and f.account = g.account
  where g.as_of = (select max(as_of) from weeks)
  group by g.as_of, g.account, p.term
),
terms as (
  select
    s.as_of, s.account, t.title as term, s.points,
    array_to_string(list_transform(list_sort(d.texts), lambda one: one.text), '; ') as text
  from score_point s
  join policy_states_score_terms t on t.term = s.term
  join said d on d.as_of = s.as_of and d.account = s.account and d.term = s.term
  union all
  select z.as_of, z.account, t.title, z.lasting_points, f.text
  from standing_as_of z
  join fallen f on f.as_of = z.as_of and f.account = z.account
  join policy_states_score_terms t on t.term = 'usage'
  where z.lasting_points is not null
),
listed as (
  select
    as_of,
    account,
    list_transform(
      list_sort(list({'place': -points, 'term': term, 'points': points, 'text': text})),
      lambda one: {'term': one.term, 'points': cast(one.points as DOUBLE), 'text': one.text}
    ) as terms
  from terms
  group by as_of, account
),
kinds as (
  select distinct usage, seats, tickets, interactions, contacts, sentiment, revenue, scores
  from score_weight
  where as_of = (select max(as_of) from weeks)
),
unknown as (
  select
    k.*,
    list(
      {'term': t.title, 'points': cast(0 as DOUBLE), 'text': 'not known: its weight is shared out'}
      order by t.cap desc, t.term
    ) as terms
  from kinds k
  join policy_states_score_terms t
    on not case t.needs
      when 'usage' then k.usage
      when 'seats' then k.seats
      when 'tickets' then k.tickets
      when 'interactions' then k.interactions
      when 'contacts' then k.contacts
      when 'sentiment' then k.sentiment
      when 'revenue' then k.revenue
      when 'scores' then k.scores
    end
  group by all
)
select
  w.as_of,
  w.account,
  cast(to_json(list_concat(coalesce(l.terms, []), coalesce(u.terms, []))) as VARCHAR) as terms
from score_weight w
left join listed l on l.as_of = w.as_of and l.account = w.account
left join unknown u
  on u.usage = w.usage
  and u.seats = w.seats
  and u.tickets = w.tickets
  and u.interactions = w.interactions
  and u.contacts = w.contacts
  and u.sentiment = w.sentiment
  and u.revenue = w.revenue
  and u.scores = w.scores
where w.as_of = (select max(as_of) from weeks)
