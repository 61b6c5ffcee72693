"""Addresses of tiers: the page, deciding of moves, steps of plans, marks."""

from __future__ import annotations

from django.urls import path

from evenbook.tiers.web.deciding import marked, one, several, step_done, unmarked
from evenbook.tiers.web.tiers import tiers

urlpatterns = [
    path("tiers", tiers, name="tiers"),
    path("tiers/approve", several, name="tier-moves-approve"),
    path("tiers/moves/<int:number>", one, name="tier-move"),
    path("tiers/steps/<int:number>/done", step_done, name="tier-step-done"),
    path("tiers/marks", marked, name="tier-mark"),
    path("tiers/marks/<int:number>/withdraw", unmarked, name="tier-mark-withdraw"),
]
