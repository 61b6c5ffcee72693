"""Loops, coverage and its audit, weeks of closing, for programs."""

from __future__ import annotations

from evenbook.closures.api import audit, briefs, coverage, loops, reviews, versions
from evenbook.rest.router import Router

router = Router("Coverage")
for part in (loops, coverage, audit, briefs, reviews, versions):
    router.add_router("", part.router)
