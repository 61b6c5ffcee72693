-- The measure of usage that is watched: the policy's where it was ever delivered, else the one that was
-- delivered first; of several in one delivery the one that counts people, then the one that counts
-- visits, then any but errors.
with seen as (
  select measure, min(visible_at) as first_at from usage group by measure
)
select coalesce(
  max(measure) filter (measure = $records_usage_measure),
  arg_min(
    measure,
    (
      first_at,
      case
        when measure like '%user%' then 1
        when measure like '%login%' or measure like '%session%' then 2
        when measure like '%error%' then 4
        else 3
      end,
      measure
    )
  )
) as measure
from seen
