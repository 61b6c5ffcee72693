"""Addresses of handoffs."""

from __future__ import annotations

from django.urls import path

from evenbook.briefings.web import changing, handoffs, papers, starting

urlpatterns = [
    path("handoffs", handoffs.every, name="handoffs"),
    path("handoffs/new", starting.start, name="handoff-start"),
    path("handoffs/<int:number>", handoffs.one, name="handoff"),
    path("handoffs/<int:number>/confirm", changing.confirm, name="handoff-confirm"),
    path("handoffs/<int:number>/receiver", changing.redirect, name="handoff-redirect"),
    path("handoffs/<int:number>/note", changing.note, name="handoff-note"),
    path("handoffs/<int:number>/call-off", changing.call_off, name="handoff-call-off"),
    path("handoffs/<int:number>/pack", papers.pack, name="handoff-pack"),
    path("handoffs/<int:number>/briefs/<path:key>", papers.brief, name="handoff-brief"),
]
