-- Since when interactions are told at all, and since when they name a contact; null: never.
select min(seen_from) as interactions_from, min(seen_from) filter (contact <> '') as contacts_from
from heard
