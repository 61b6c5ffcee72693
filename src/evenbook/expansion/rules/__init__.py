"""What is decided of openings: who closes them, how they move, which accounts are worth a talk."""

from __future__ import annotations

from evenbook.frames.step import sql_step

TRAINING = {
    "account": "BIGINT", "row_id": "BIGINT", "minutes": "DOUBLE", "visible_at": "TIMESTAMP",
    "hidden_at": "TIMESTAMP",
}  # fmt: skip
"""What a run leaves of the training that was given for the next."""

STEPS = (
    sql_step("evenbook.expansion", "training", carried=TRAINING),
    *(
        sql_step("evenbook.expansion", name)
        for name in ("expansion_point", "expansion_list", "mention_as_of", "addon_as_of")
    ),
)
