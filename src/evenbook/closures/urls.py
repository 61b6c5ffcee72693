"""Address of the coverage matrix."""

from __future__ import annotations

from django.urls import path

from evenbook.closures import web

urlpatterns = [path("coverage", web.coverage, name="coverage")]
