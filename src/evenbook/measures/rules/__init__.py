"""Retention by closed cohort, as of a set of days. Other measures live with their nouns."""

from __future__ import annotations

from evenbook.frames.step import sql_step
from evenbook.measures.card import measure_step

BRIDGE = ("expansion", "contraction", "churned", "new_logos", "returned")
"""What leads from the revenue at the start to that at the end, each over the revenue at the start."""

MEASURES = (
    "nrr", "grr", "logo", "nrr_lazy", *BRIDGE, "renewal_rate", "revenue_per_customer", "month_loss",
)  # fmt: skip

STEPS = (
    *(sql_step("evenbook.measures", name) for name in ("payer", "retention_as_of", "cohort_as_of")),
    *(measure_step("evenbook.measures", name) for name in MEASURES),
)
