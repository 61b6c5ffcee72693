-- Where each account stands as of each day: its state, its score and the color of the two.
--
-- Red: at risk, or a score under the yellow bound. Yellow: declining, silent or recovering, or a
-- score under the green bound. Else green; gray for a churned one.
select
  s.as_of,
  s.account,
  s.state,
  s.since_on,
  c.score,
  case
    when s.state = 'churned' then 'gray'
    when s.state = 'at_risk' or coalesce(c.score < $states_yellow_from, false) then 'red'
    when s.state in ('declining', 'silent', 'recovering') or coalesce(c.score < $states_green_from, false) then 'yellow'
    else 'green'
  end as color,
  coalesce(c.terms, '[]') as terms,
  coalesce(c.missing, '[]') as missing
from state_as_of s
left join score_as_of c on c.as_of = s.as_of and c.account = s.account
