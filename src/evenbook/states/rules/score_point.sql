-- The points that each term takes off the health score of each account as of each day.
--
-- The signals of a term add up to its cap at most. A term whose facts are not known takes no points;
-- its weight is shared out, so the points of the others grow in proportion. Points have one decimal, so
-- that those shown add up to the score.
with raised as (
  select g.as_of, g.account, p.term, sum(p.points) as points
  from signal_as_of g
  join policy_states_score_signals p on p.kind = g.kind
  group by g.as_of, g.account, p.term
)
select
  r.as_of,
  r.account,
  r.term,
  cast(least(r.points, t.cap) * 100 / w.weight as DECIMAL(9, 1)) as points
from raised r
join policy_states_score_terms t on t.term = r.term
join score_weight w on w.as_of = r.as_of and w.account = r.account
where case t.needs
  when 'usage' then w.usage
  when 'seats' then w.seats
  when 'tickets' then w.tickets
  when 'interactions' then w.interactions
  when 'contacts' then w.contacts
  when 'sentiment' then w.sentiment
  when 'revenue' then w.revenue
  when 'scores' then w.scores
end
