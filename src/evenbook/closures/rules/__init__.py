"""Loops, and coverage: what opened, what closed it, which artifacts each account needs and has."""

from __future__ import annotations

from evenbook.frames.step import sql_step
from evenbook.measures.card import measure_step

WRITTEN = {
    "account": "BIGINT",
    "k": "BIGINT",
    "from_at": "TIMESTAMP",
    "until_at": "TIMESTAMP",
    "place": "BIGINT",
}

CLOCK = {
    "loop": "VARCHAR",
    "account": "BIGINT",
    "from_at": "TIMESTAMP",
    "on_day": "DATE",
    "until_at": "TIMESTAMP",
    "opened_at": "TIMESTAMP",
    "due_in": "VARCHAR",
    "due_days": "BIGINT",
    "floor_on": "DATE",
}
RECORD = {"loop": "VARCHAR", "account": "BIGINT", "from_at": "TIMESTAMP", "on_day": "DATE"}
UNUSED = {
    "loop": "VARCHAR",
    "account": "BIGINT",
    "silent_on": "DATE",
    "starts_at": "TIMESTAMP",
    "crossed_on": "DATE",
    "is_new": "BOOLEAN",
}
OPEN = {
    "key": "VARCHAR",
    "loop": "VARCHAR",
    "account": "BIGINT",
    "role": "VARCHAR",
    "artifact": "VARCHAR",
    "event_at": "TIMESTAMP",
    "opened_at": "TIMESTAMP",
    "due_on": "DATE",
    "cohort_on": "DATE",
    "closed_at": "TIMESTAMP",
    "closed_by": "BIGINT",
    "withdrawn_at": "TIMESTAMP",
    "person": "BIGINT",
    "pool": "BIGINT",
}

STEPS = (
    *(
        sql_step("evenbook.closures", name)
        for name in ("working_day", "tier_spell", "role_spell", "loop_event")
    ),
    sql_step("evenbook.closures", "loop_clock", carried=CLOCK),
    sql_step("evenbook.closures", "silence_record", carried=RECORD),
    sql_step("evenbook.closures", "loop_unused", carried=UNUSED),
    *(
        sql_step("evenbook.closures", name)
        for name in (
            "loop_renewal",
            "loop_away",
            "loop_handover",
            "loop_opened",
            "loop_held",
            "duty_as_of",
            "loop",
        )
    ),
    sql_step("evenbook.closures", "loop_open", carried=OPEN),
    sql_step("evenbook.closures", "required_kind"),
    sql_step("evenbook.closures", "written", carried=WRITTEN),
    *(
        sql_step("evenbook.closures", name)
        for name in ("written_as_of", "requirement_as_of", "coverage_as_of")
    ),
    measure_step("evenbook.closures", "covered"),
)
