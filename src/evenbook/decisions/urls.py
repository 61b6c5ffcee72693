"""Addresses of decisions."""

from __future__ import annotations

from django.urls import path

from evenbook.decisions import web

urlpatterns = [
    path("decisions", web.listed, name="decisions"),
    path("decisions/<int:number>", web.one, name="decision"),
    path("decisions/<int:number>/done", web.finish, name="decision-done"),
    path("decisions/<int:number>/take-back", web.take_back, name="decision-take-back"),
]
