"""Loops, coverage and its audit, for programs."""

from __future__ import annotations

from evenbook.closures.api import coverage, loops
from evenbook.rest.router import Router

router = Router("Coverage")
for part in (loops, coverage):
    router.add_router("", part.router)
