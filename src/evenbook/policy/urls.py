"""Addresses of the policy."""

from __future__ import annotations

from django.urls import path

from evenbook.policy import web

urlpatterns = [
    path("policy", web.overview, name="policy"),
    path("policy/numbers/<slug:name>", web.section, name="policy-section"),
    path("policy/history", web.history, name="policy-history"),
    path("policy/versions/<int:number>", web.version, name="policy-version"),
    path("policy/versions/<int:number>/file", web.file, name="policy-file"),
    path("policy/load", web.load, name="policy-load"),
]
