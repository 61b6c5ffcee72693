"""Loops, escalations, coverage and its audit, weeks of closing, for programs."""

from __future__ import annotations

from evenbook.closures.api import audit, briefs, cohorts, coverage, escalations, loops, reviews, versions
from evenbook.rest.router import Router

router = Router("Coverage")
for part in (loops, escalations, coverage, audit, briefs, reviews, cohorts, versions):
    router.add_router("", part.router)
