"""The book as of a set of days: who had what, how served, at what revenue.

Each query answers for all days of ``weeks`` at once. What was known before the first day is taken
as an opening balance; what became known between the days follows as movements. So one day costs
one pass over the facts, and a hundred days little more.
"""

from __future__ import annotations

from evenbook.frames.step import sql_step

SAID = ("tier", "segment", "stage", "region", "industry", "products", "complexity", "regulated")
SPELLS = {
    "account": "BIGINT",
    "from_at": "TIMESTAMP",
    "until_at": "TIMESTAMP",
    **dict.fromkeys((*SAID, "strategic", "seats", "status"), "VARCHAR"),
    "status_at": "TIMESTAMP",
    "tier_since": "TIMESTAMP",
}

STEPS = (
    sql_step("evenbook.book", "value_spell", carried=SPELLS),
    *(
        sql_step("evenbook.book", name)
        for name in (
            "value_as_of",
            "owner_as_of",
            "role_as_of",
            "revenue_as_of",
            "renewal_as_of",
            "product_as_of",
            "account_as_of",
        )
    ),
)
