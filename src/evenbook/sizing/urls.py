"""Addresses of sizing."""

from __future__ import annotations

from django.urls import path

from evenbook.sizing.web import keeping, rows, sizing

urlpatterns = [
    path("sizing", sizing.shown, name="sizing"),
    path("sizing/answer", sizing.answered, name="sizing-answer"),
    path("sizing/rows/<slug:what>", rows.opened_rows, name="sizing-rows"),
    path("sizing/scenarios", keeping.save, name="sizing-save"),
    path("sizing/scenarios/<int:number>/drop", keeping.drop, name="sizing-drop"),
    path("sizing/plan", keeping.plan, name="sizing-plan"),
    path("sizing/steps/<slug:step>", keeping.step, name="sizing-step"),
]
