-- The kinds of artifact that any tier asks for, numbered.
select kind, row_number() over (order by kind) as k
from (select distinct kind from policy_closures_requirements)
