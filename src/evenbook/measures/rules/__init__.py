"""Retention by closed cohort, as of a set of days. Other measures live with their nouns."""

from __future__ import annotations

from evenbook.frames.step import sql_step
from evenbook.measures.card import measure_step

STEPS = (
    sql_step("evenbook.measures", "retention_as_of"),
    *(measure_step("evenbook.measures", name) for name in ("nrr", "grr", "logo", "nrr_lazy")),
)
