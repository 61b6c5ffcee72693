-- Under which account the revenue of each account counts: itself, or the parent at the top that pays.
--
-- Policy: whether subsidiaries count with that parent. A circle of parents ends after ten steps.
with recursive climbing as (
  select account, account as payer, 0 as steps from account
  union all
  select c.account, a.parent as payer, c.steps + 1 as steps
  from climbing c
  join account a on a.account = c.payer
  where $measures_retention_parents = 'parent' and a.parent is not null and c.steps < 10
)
select account, arg_max(payer, steps) as payer from climbing group by account
