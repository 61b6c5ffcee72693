-- What each role on each active account takes of its hours a month, as of each day: one row a role that somebody
-- has, with none where it takes no part in the account's stage.
--
-- `works` says that the role is that of the stage (policy): whoever has it works the account, and has what the
-- other roles leave. Hours are counted in millionths, so that nothing is lost between them.
with given as (
  select
    r.as_of,
    r.account,
    r.role,
    r.person,
    r.pool,
    r.role = l.role as works,
    cast(cast(e.hours as DECIMAL(18, 6)) * 1000000 as BIGINT) as whole,
    coalesce(
      cast(cast(e.hours as DECIMAL(18, 6)) * 1000000 as BIGINT) * cast(round(s.share * 1000000) as BIGINT) // 1000000,
      0
    ) as part
  from role_as_of r
  join effort_as_of e on e.as_of = r.as_of and e.account = r.account
  join policy_book_stage_roles l on l.stage = e.stage
  left join policy_book_role_shares s on s.stage = e.stage and s.role = r.role
)
select
  as_of, account, role, person, pool, works,
  case when works then whole - sum(part) over (partition by as_of, account) + part else part end / 1000000 as hours
from given
