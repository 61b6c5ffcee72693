-- The health score of each account as of each day: 100 less the points of the signals that stand.
--
-- Additive, at most eight terms, each with its cap. A term whose facts are not known for the account
-- takes no points and its weight is shared out among the others; it is named in `missing`.
with caps as (
  select
    coalesce(sum(cap) filter (needs = 'usage'), 0) as usage,
    coalesce(sum(cap) filter (needs = 'seats'), 0) as seats,
    coalesce(sum(cap) filter (needs = 'tickets'), 0) as tickets,
    coalesce(sum(cap) filter (needs = 'interactions'), 0) as interactions,
    coalesce(sum(cap) filter (needs = 'contacts'), 0) as contacts,
    coalesce(sum(cap) filter (needs = 'sentiment'), 0) as sentiment,
    coalesce(sum(cap) filter (needs = 'revenue'), 0) as revenue,
    coalesce(sum(cap) filter (needs = 'scores'), 0) as scores
  from policy_states_score_terms
),
weights as (
  select
    c.as_of,
    c.account,
    case when c.usage_ready then p.usage else 0 end
      + case when c.seats_used is not null then p.seats else 0 end
      + case when c.tickets_recent is not null then p.tickets else 0 end
      + case when c.contact_days is not null then p.interactions else 0 end
      + case when c.champion is not null then p.contacts else 0 end
      + case when c.sentiment_now is not null then p.sentiment else 0 end
      + case when c.arr_cents is not null then p.revenue else 0 end
      + case when c.health is not null or c.survey is not null then p.scores else 0 end as weight,
    [
      case when not c.usage_ready then 'usage' end,
      case when c.seats_used is null then 'seats' end,
      case when c.tickets_recent is null then 'tickets' end,
      case when c.contact_days is null then 'interactions' end,
      case when c.champion is null then 'contacts' end,
      case when c.sentiment_now is null then 'sentiment' end,
      case when c.arr_cents is null then 'revenue' end,
      case when c.health is null and c.survey is null then 'scores' end
    ] as lacking
  from condition_as_of c
  cross join caps p
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
  where not list_contains(w.lacking, t.needs)
),
summed as (
  select
    as_of,
    account,
    cast(sum(cast(points as DECIMAL(18, 6))) as DOUBLE) as points,
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
  list_filter(w.lacking, lambda needs: needs is not null) as missing
from weights w
left join summed s on s.as_of = w.as_of and s.account = w.account
