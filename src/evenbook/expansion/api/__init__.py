"""Expansion for programs: openings, the list and the boards, and hands raised in a product."""

from __future__ import annotations

from evenbook.expansion.api import boards, hands
from evenbook.expansion.api.openings import router

for each in (boards, hands):
    router.add_router("", each.router)
