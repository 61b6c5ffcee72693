"""What each account takes and what each person can sustain, as of a set of days."""

from __future__ import annotations

from evenbook.frames.step import sql_step
from evenbook.measures.card import measure_step

STEPS = (
    *(
        sql_step("evenbook.capacity", name)
        for name in (
            "worker_as_of",
            "complexity_as_of",
            "expansion_as_of",
            "density_as_of",
            "effort_as_of",
            "role_effort_as_of",
            "effort_part_as_of",
            "effort_factors",
            "capacity_as_of",
            "carried_as_of",
            "load_as_of",
            "uncovered_as_of",
            "monitoring_as_of",
        )
    ),
    *(measure_step("evenbook.capacity", name) for name in ("effort_load", "unmonitored", "past_limit")),
)

APART = (sql_step("evenbook.capacity", "logged_as_of"),)
"""What no weekly run works out: a calibration asks for it, in the session of a week."""
