-- The last artifact that looks into an account without usage, by kind of loop, from when it could be seen.
--
-- Carried, folded: what was seen before the carry is one row an account and loop.
with judged as (
  select distinct loop, artifact from loop_rule where opened_by = 'silence' and judged_by <> 'contact'
)
select j.loop, a.account, a.visible_at as from_at, d.day as on_day
from artifact a
join judged j on j.artifact = a.kind
asof join calendar d on d.starts_at <= a.happened_at
where a.visible_at >= $carried_until and a.visible_at < $last_ends_at
union all by name
select loop, account, timestamp '0001-01-01' as from_at, max(on_day) as on_day
from silence_record_carry
group by loop, account
