"""Addresses of a person's weekly seven, and of what came of interventions."""

from __future__ import annotations

from django.urls import path

from evenbook.throughput.web.outcomes import outcomes
from evenbook.throughput.web.seven import seven

urlpatterns = [
    path("seven/<path:key>", seven, name="seven"),
    path("outcomes", outcomes, name="outcomes"),
]
