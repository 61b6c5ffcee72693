-- measure: month_loss
-- label:   Loss of the last four weeks
-- unit:    share of the revenue four weeks before, 0 to 1
-- better:  neither
-- window:  four weeks up to the as-of day
-- empty:   without revenue four weeks before there is no value
-- edges:   what an ARR bridge books as contraction and churn of anybody; it is there to show what
--          becomes of a short figure that is scaled up to a year
-- fold:    losses booked in four weeks ÷ revenue four weeks before, in the organization's currency
-- by:      all
with detail as (
  select as_of, account, month_loss_cents as part, month_start_cents as whole
  from retention_as_of
  where month_loss_cents <> 0 or month_start_cents > 0
)
select as_of, sum(part) / nullif(sum(whole), 0) as value, count(account) as count
from detail
group by as_of
