"""Addresses of runs."""

from __future__ import annotations

from django.urls import path

from evenbook.runs import web

urlpatterns = [
    path("runs", web.runs, name="runs"),
    path("runs/week", web.week, name="run-week"),
    path("runs/mails", web.mails, name="run-mails"),
    path("runs/<int:number>", web.run, name="run"),
    path("runs/<int:number>/cancel", web.cancel, name="run-cancel"),
    path("runs/<int:number>/retry", web.retry, name="run-retry"),
]
