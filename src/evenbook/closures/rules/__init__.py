"""Coverage: which written artifacts each account needs, which are there, and which are current."""

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

STEPS = (
    sql_step("evenbook.closures", "required_kind"),
    sql_step("evenbook.closures", "written", carried=WRITTEN),
    *(
        sql_step("evenbook.closures", name)
        for name in ("written_as_of", "requirement_as_of", "coverage_as_of")
    ),
    measure_step("evenbook.closures", "covered"),
)
