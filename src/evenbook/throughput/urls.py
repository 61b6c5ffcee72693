"""Addresses of a person's weekly seven, of how their load feels, and of what came of interventions."""

from __future__ import annotations

from django.urls import path

from evenbook.throughput.web.first_weeks import baseline_taken, first_weeks, signed
from evenbook.throughput.web.outcomes import outcomes
from evenbook.throughput.web.pulse import pulse
from evenbook.throughput.web.seven import seven

urlpatterns = [
    path("seven/<path:key>", seven, name="seven"),
    path("first-weeks", first_weeks, name="first-weeks"),
    path("first-weeks/baseline", baseline_taken, name="first-weeks-baseline"),
    path("first-weeks/sign", signed, name="first-weeks-sign"),
    path("pulse", pulse, name="pulse"),
    path("outcomes", outcomes, name="outcomes"),
]
