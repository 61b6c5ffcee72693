-- The last artifact of each account and each kind that any tier asks for, folded.
--
-- `place` orders artifacts: by the second in which they were written, then by the row. A row holds from
-- `from_at` until `until_at` (null: still); what was known before the first day is one row an account
-- and kind. Only what could be seen since the carry is read, the rest is what the run before left;
-- accounts of which a version was replaced since (`reopened`) are read anew.
with reopened as (
  select distinct account
  from artifact
  where hidden_at >= $carried_until and visible_at < $carried_until
),
taken as (
  from artifact where visible_at >= $carried_until and visible_at < $last_ends_at
  union all by name
  from artifact semi join reopened using (account) where visible_at < $carried_until
),
told as (
  select
    a.account,
    r.k,
    a.visible_at as from_at,
    a.hidden_at as until_at,
    cast(epoch(a.happened_at) as BIGINT) * 4294967296 + a.row_id as place
  from taken a
  join required_kind r on r.kind = a.kind
  union all by name
  from written_carry anti join reopened using (account)
)
select
  account,
  k,
  greatest(from_at, $first_ends_at - interval 1 microsecond) as from_at,
  until_at,
  max(place) as place
from told
where until_at is null or until_at >= $first_ends_at
group by account, k, greatest(from_at, $first_ends_at - interval 1 microsecond), until_at
