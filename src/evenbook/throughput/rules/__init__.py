"""What people did in a week against what they can sustain, and how their calls and answers fared."""

from __future__ import annotations

from evenbook.frames.step import sql_step
from evenbook.measures.card import measure_step

ROWS = ("held", "held_as_of", "ceiling_as_of", "answer", "detection_as_of")
CHAIN = ("review_due_as_of", "onboarding_due_as_of")
MEASURES = (
    "strategic", "ceiling", "present", "energy", "sentiment", "sentiment_falling", "follow_ups", "quality",
    "time_to_detect", "past_window", "green", "csat", "nps", "escalations", "reactive", "reviews_skipped",
    "onboarding_skipped",
)  # fmt: skip

EPISODE = {
    "account": "BIGINT", "signal": "VARCHAR", "observed_at": "TIMESTAMP", "surfaced_on": "DATE",
    "last_seen_on": "DATE", "person": "BIGINT", "pool": "BIGINT",
}  # fmt: skip
"""What a run leaves of the risks for the next."""

MILESTONE = {
    "account": "BIGINT", "row_id": "BIGINT", "kind": "VARCHAR",
    "happened_at": "TIMESTAMP", "visible_at": "TIMESTAMP", "hidden_at": "TIMESTAMP",
}  # fmt: skip
STEP_KNOWN = {"step": "VARCHAR", "first_at": "TIMESTAMP"}
"""What it leaves of reviews and onboardings, which are asked for over the whole history."""

STEPS = (
    sql_step("evenbook.throughput", "episode", carried=EPISODE),
    sql_step("evenbook.throughput", "milestone", carried=MILESTONE),
    sql_step("evenbook.throughput", "step_known", carried=STEP_KNOWN),
    *(sql_step("evenbook.throughput", name) for name in (*ROWS, *CHAIN)),
    *(measure_step("evenbook.throughput", name) for name in MEASURES),
)

APART = (sql_step("evenbook.throughput", "fitted_week"),)
"""What no weekly run works out: a calibration asks for it, in the session of a week."""
