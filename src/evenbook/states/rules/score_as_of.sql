-- The health score of each account as of each day: 100 less the points of the signals that stand.
--
-- Additive, at most eight terms, each with its cap. A term whose facts are not known for the account
-- takes no points and its weight is shared out among the others; it is named in `missing`.
with known as (
  select
    as_of, account,
    unnest([
      {'needs': 'usage', 'there': usage_ready},
      {'needs': 'seats', 'there': seats_used is not null},
      {'needs': 'tickets', 'there': tickets_recent is not null},
      {'needs': 'interactions', 'there': contact_days is not null},
      {'needs': 'contacts', 'there': champion is not null},
      {'needs': 'sentiment', 'there': sentiment_now is not null},
      {'needs': 'revenue', 'there': arr_cents is not null},
      {'needs': 'scores', 'there': health is not null or survey is not null}
    ], recursive := true)
  from condition_as_of
),
weights as (
  select
    k.as_of,
    k.account,
    sum(t.cap) filter (k.there) as weight,
    list(t.title order by t.cap desc, t.term) filter (not k.there) as missing
  from known k
  join policy_states_score_terms t on t.needs = k.needs
  group by k.as_of, k.account
),
raised as (
  select
    g.as_of, g.account, p.term, sum(p.points) as points,
    string_agg(json_extract_string(g.evidence, '$.text'), '; ' order by p.points desc, g.kind) as says
  from signal_as_of g
  join policy_states_score_signals p on p.kind = g.kind
  group by g.as_of, g.account, p.term
),
taken as (
  select
    r.as_of, r.account, t.term, t.title,
    least(r.points, t.cap) * 100 / w.weight as points,
    r.says
  from raised r
  join policy_states_score_terms t on t.term = r.term
  join weights w on w.as_of = r.as_of and w.account = r.account
  join known k on k.as_of = r.as_of and k.account = r.account and k.needs = t.needs and k.there
),
summed as (
  select
    as_of,
    account,
    sum(points) as points,
    list({'term': title, 'points': round(points, 1), 'text': says} order by points desc, title) as terms,
    bool_or(term = 'usage') as has_usage
  from taken
  group by as_of, account
)
select
  w.as_of,
  w.account,
  case when w.weight > 0 then greatest(0, 100 - coalesce(s.points, 0)) end as score,
  s.terms,
  coalesce(s.has_usage, false) as has_usage,
  w.weight,
  w.missing
from weights w
left join summed s on s.as_of = w.as_of and s.account = w.account
