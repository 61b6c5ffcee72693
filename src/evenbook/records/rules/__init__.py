"""What was done with each account, as of a set of days."""

from __future__ import annotations

from evenbook.frames.step import sql_step

HEARD = {
    "account": "BIGINT",
    "contact": "VARCHAR",
    "from_at": "TIMESTAMP",
    "until_at": "TIMESTAMP",
    "heard_at": "TIMESTAMP",
    "meaningful_at": "TIMESTAMP",
}
FIRST = {"interactions_from": "TIMESTAMP", "contacts_from": "TIMESTAMP"}

STEPS = (
    sql_step("evenbook.records", "heard", carried=HEARD),
    sql_step("evenbook.records", "first_heard", carried=FIRST),
    *(
        sql_step("evenbook.records", name)
        for name in ("recent_talk", "touch_as_of", "stakeholder_as_of", "follow_up_as_of")
    ),
)
