-- How much of the health score can be told of each active account as of each day: the sum of the caps
-- of the terms whose facts are known, and which those facts are.
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
known as (
  select
    as_of,
    account,
    usage_ready as usage,
    seats_used is not null as seats,
    tickets_recent is not null as tickets,
    quiet_days is not null as interactions,
    champion is not null as contacts,
    sentiment_now is not null as sentiment,
    arr_cents is not null as revenue,
    health is not null or survey is not null as scores
  from condition_as_of
)
select
  k.*,
  case when k.usage then p.usage else 0 end
    + case when k.seats then p.seats else 0 end
    + case when k.tickets then p.tickets else 0 end
    + case when k.interactions then p.interactions else 0 end
    + case when k.contacts then p.contacts else 0 end
    + case when k.sentiment then p.sentiment else 0 end
    + case when k.revenue then p.revenue else 0 end
    + case when k.scores then p.scores else 0 end as weight
from known k
cross join caps p
