"""Addresses of the weekly seven, of how a load feels, of the month, and of what came of interventions."""

from __future__ import annotations

from django.urls import path

from evenbook.throughput.web.first_weeks import baseline_taken, first_weeks, signed
from evenbook.throughput.web.monthly import monthly, monthly_file
from evenbook.throughput.web.outcomes import outcomes
from evenbook.throughput.web.pulse import pulse
from evenbook.throughput.web.seven import seven

urlpatterns = [
    path("seven/<path:key>", seven, name="seven"),
    path("first-weeks", first_weeks, name="first-weeks"),
    path("first-weeks/baseline", baseline_taken, name="first-weeks-baseline"),
    path("first-weeks/sign", signed, name="first-weeks-sign"),
    path("pulse", pulse, name="pulse"),
    path("monthly", monthly, name="monthly"),
    path("monthly/<slug:kind>", monthly_file, name="monthly-file"),
    path("outcomes", outcomes, name="outcomes"),
]
