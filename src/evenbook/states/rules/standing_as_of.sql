-- Where each account stands as of each day: its state, its score and the color of the two.
--
-- While an account is in a bad state and its usage lies under the frozen level, the points of a usage
-- drop stand, also when its detector has grown used to the loss.
--
-- Red: at risk, or a score under the yellow bound. Yellow: declining, silent or recovering, or a
-- score under the green bound. Else green; gray for a churned one.
with held as (
  select
    s.as_of,
    s.account,
    s.state,
    s.since_on,
    c.score,
    c.weight,
    c.terms,
    c.missing,
    case
      when s.state in ('declining', 'at_risk') and not c.has_usage and u.ready and u.recent < s.frozen * $states_leave_above
        then {
          'term': (select title from policy_states_score_terms where term = 'usage'),
          'points': round((select points from policy_states_score_signals where kind = 'usage_drop') * 100 / c.weight, 1),
          'text': format('weekly users {:.3g} → {:.3g}, season taken out', s.frozen, u.recent)
        }
    end as lasting
  from state_as_of s
  left join score_as_of c on c.as_of = s.as_of and c.account = s.account
  left join usage_reading u on u.as_of = s.as_of and u.account = s.account
),
scored as (
  select
    * exclude (score, terms),
    greatest(0, score - coalesce(lasting.points, 0)) as score,
    case when lasting is null then coalesce(terms, []) else list_prepend(lasting, coalesce(terms, [])) end as terms
  from held
)
select
  as_of,
  account,
  state,
  since_on,
  score,
  case
    when state = 'churned' then 'gray'
    when state = 'at_risk' or coalesce(score < $states_yellow_from, false) then 'red'
    when state in ('declining', 'silent', 'recovering') or coalesce(score < $states_green_from, false) then 'yellow'
    else 'green'
  end as color,
  to_json(terms) as terms,
  to_json(coalesce(missing, [])) as missing
from scored
