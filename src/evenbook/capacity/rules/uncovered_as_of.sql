-- The effort that nobody carries as of each day, by whose it is and why.
select
  as_of,
  owner,
  pool,
  why,
  count(*) as accounts,
  cast(sum(cast(hours as DECIMAL(18, 6))) as DOUBLE) as hours
from carried_as_of
where how = 'uncovered'
group by as_of, owner, pool, why
