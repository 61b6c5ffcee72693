-- Where each account stands as of each day: its state, its score and the color of the two.
--
-- While an account is in a bad state and its usage lies under the frozen level, the points of a usage
-- drop stand, also when its detector has grown used to the loss (`lasting_points`).
--
-- Red: at risk, or a score under the yellow bound. Yellow: declining, silent or recovering, or a
-- score under the green bound. Else green; gray for a churned one.
with fall as (
  select max(points) as points from policy_states_score_signals where kind = 'usage_drop'
),
held as (
  select
    s.as_of,
    s.account,
    s.state,
    s.since_on,
    c.score,
    case
      when s.state in ('declining', 'at_risk') and not c.has_usage and u.ready and u.recent < s.frozen * $states_leave_above
        then cast(f.points * 100 / c.weight as DECIMAL(9, 1))
    end as lasting_points
  from state_as_of s
  cross join fall f
  left join score_as_of c on c.as_of = s.as_of and c.account = s.account
  left join usage_reading u on u.as_of = s.as_of and u.account = s.account
),
scored as (
  select
    * exclude (score),
    case when score is not null then cast(greatest(0, score - coalesce(lasting_points, 0)) as DOUBLE) end as score
  from held
)
select
  as_of,
  account,
  state,
  since_on,
  score,
  lasting_points,
  case
    when state = 'churned' then 'gray'
    when state = 'at_risk' or coalesce(score < $states_yellow_from, false) then 'red'
    when state in ('declining', 'silent', 'recovering') or coalesce(score < $states_green_from, false) then 'yellow'
    else 'green'
  end as color
from scored
